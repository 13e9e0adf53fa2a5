import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportProgress } from '../../../src/domain/mod.ts';
import type { Encoder } from '../../../src/encoder/mod.ts';
import { EmbeddedEngine, readIndexFiles } from '../../../src/engine/mod.ts';
import { AppError } from '../../../src/errors.ts';
import {
  followStore,
  importPapers,
  type ImportInput,
  type ImportOptions,
  type ImportParts,
} from '../../../src/indexing/mod.ts';
import type { StoreCounts } from '../../../src/store/mod.ts';
import {
  countingEncoder,
  openEngine,
  openStore,
  paper,
  readingsOf,
  temporaryWorkspace,
} from '../../support/library.ts';

const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) =>
    paper({ id: `P${from + i}`, title: `Number${from + i} of owls`, authors: [] }),
  );

const inputOf = (papers: Parameters<typeof readingsOf>[0], source = 'a'): ImportInput => ({
  source,
  bytes: 100,
  open: async function* open(onBytes) {
    onBytes(50);
    yield* readingsOf(papers);
    onBytes(100);
  },
});

const failingInput = (papers: Parameters<typeof readingsOf>[0], error: Error): ImportInput => ({
  source: 'failing',
  bytes: undefined,
  open: async function* open() {
    yield* readingsOf(papers);
    throw error;
  },
});

async function library() {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  const counting = await countingEncoder();
  const fingerprint = store.fingerprintNumber(counting.encoder.fingerprint, 'hashing');
  const dimensions = counting.encoder.model.dimensions;
  let loads = 0;
  const settled: StoreCounts[] = [];
  const progress: ImportProgress[] = [];
  const run = (inputs: readonly ImportInput[], more: Partial<ImportOptions> & { encoder?: Encoder } = {}) => {
    const { encoder = counting.encoder, ...options } = more;
    const parts: ImportParts = {
      store,
      fingerprint,
      encoder: async () => {
        loads += 1;
        return encoder;
      },
      settleModel: async () => {
        settled.push(store.counts(fingerprint));
      },
      openEngine: async () => {
        const engine = await EmbeddedEngine.open({ workspace, dimensions, fingerprint, fresh: false });
        return { engine, revision: engine.revision };
      },
    };
    return importPapers(inputs, parts, {
      onRejection: 'skip',
      embed: 'all',
      signal: new AbortController().signal,
      onProgress: (each) => progress.push(each),
      ...options,
    });
  };
  /** An engine as a search would open it now, brought up to the store. */
  const search = async () => {
    const engine = await openEngine(workspace, { dimensions, fingerprint });
    await followStore(store, engine, { fingerprint, from: engine.revision }).catchUp();
    return engine;
  };
  const files = () => readIndexFiles(workspace, dimensions);
  return {
    workspace,
    store,
    fingerprint,
    titles: counting.titles,
    progress,
    settled,
    run,
    search,
    files,
    loads: () => loads,
  };
}

describe('importPapers', () => {
  it('stores, embeds and indexes; a search finds everything without more work', async () => {
    const { store, titles, run, search, files } = await library();
    const result = await run([inputOf(many(300)), inputOf([...many(10, 295), { reason: 'no title' }], 'b')]);
    expect(result).toMatchObject({
      summary: { added: 305, unchanged: 5, updated: 0, merged: 0, rejected: [{ reason: 'no title' }] },
      interrupted: false,
      failure: undefined,
      indexed: true,
    });
    expect(titles).toHaveLength(305);
    expect(await files()).toMatchObject({ postings: { revision: store.lastRevision(), documents: 305 } });
    const engine = await search();
    expect(engine.counts()).toEqual({ documents: 305, embeddings: 305, unlinked: 0 });
    const { keys } = await engine.lexical({ query: 'number301', lastWord: 'whole', filter: { clauses: [] }, k: 5 });
    expect([...keys]).toEqual([store.findKey('P301')]);
  });

  it('the same again changes nothing: no model is loaded, no file is written', async () => {
    const { run, titles, loads } = await library();
    await run([inputOf(many(20))]);
    const before = loads();
    const again = await run([inputOf(many(20))]);
    expect(again).toMatchObject({ summary: { added: 0, unchanged: 20 }, indexed: false });
    expect(titles).toHaveLength(20);
    expect(loads()).toBe(before);
  });

  it('progress goes through the stages and never runs backwards within one', async () => {
    const { run, progress } = await library();
    await run([inputOf(many(600)), inputOf(many(10, 600), 'b')]);
    expect([...new Set(progress.map(({ stage }) => stage))]).toEqual([
      'read',
      'encode',
      ...(progress.some(({ stage }) => stage === 'index') ? ['index'] : []),
      'sentences',
    ]);
    for (const stage of ['read', 'encode', 'index', 'sentences'] as const) {
      const done = progress.filter((each) => each.stage === stage).map((each) => each.done);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
    }
    expect(progress.findLast(({ stage }) => stage === 'read')).toMatchObject({
      unit: 'bytes',
      done: 200,
      total: 200,
      added: 610,
    });
    expect(progress.findLast(({ stage }) => stage === 'encode')).toMatchObject({
      unit: 'papers',
      done: 610,
      total: 610,
    });
  });

  it('has no total where an input does not know its size', async () => {
    const { run, progress } = await library();
    await run([{ ...inputOf(many(3)), bytes: undefined }]);
    expect(progress[0]).not.toHaveProperty('total');
  });

  it('a damaged input: what came before is stored, embedded and indexed, the failure is told', async () => {
    const { store, run, search } = await library();
    const failure = new AppError('BAD_INPUT', { file: 'x', line: 301, reason: 'cut short' });
    const result = await run([inputOf(many(5)), failingInput(many(300, 5), failure), inputOf(many(5, 1000), 'never')]);
    expect(result).toMatchObject({ summary: { added: 305 }, failure, indexed: true });
    expect(store.findKey('P1000')).toBeUndefined();
    expect((await search()).counts()).toEqual({ documents: 305, embeddings: 305, unlinked: 0 });
  });

  it('a bug in a reader is passed on, with what came before stored', async () => {
    const { store, run } = await library();
    await expect(run([failingInput(many(7), new TypeError('a bug'))])).rejects.toThrow('a bug');
    expect(store.counts(0).papers).toBe(7);
  });

  it('strict: a rejection in the last input leaves nothing of any', async () => {
    const { workspace, store, run, loads } = await library();
    const work = run([inputOf(many(300)), inputOf([...many(300, 300), { reason: 'no title' }], 'b')], {
      onRejection: 'strict',
    });
    await expect(work).rejects.toMatchObject({ code: 'BAD_INPUT', exitCode: 3 });
    expect(store.counts(0).papers).toBe(0);
    expect(loads()).toBe(0);
    expect(existsSync(join(workspace, 'postings.bin'))).toBe(false);
  });

  it('strict: good inputs are stored whole', async () => {
    const { run } = await library();
    const result = await run([inputOf(many(300)), inputOf(many(5, 300), 'b')], { onRejection: 'strict' });
    expect(result).toMatchObject({ summary: { added: 305 }, indexed: true });
  });

  it('strict: an interruption leaves nothing, also between two inputs', async () => {
    for (const last of [100, 300]) {
      const { store, run } = await library();
      const stop = new AbortController();
      // The first input ends with its first or second report.
      const work = run([inputOf(many(last)), inputOf(many(5, 900), 'b')], {
        onRejection: 'strict',
        signal: stop.signal,
        onProgress: ({ added }) => {
          if (added === last) stop.abort();
        },
      });
      await expect(work).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
      expect(store.counts(0).papers).toBe(0);
    }
  });

  it('interrupted while reading: what was read is found by its words, and the next run goes on', async () => {
    const { store, titles, run, search } = await library();
    const stop = new AbortController();
    const onProgress = ({ done }: ImportProgress): void => {
      if (done > 0) stop.abort();
    };
    const inputs = [inputOf(many(1000))];
    const result = await run(inputs, { signal: stop.signal, onProgress });
    expect(result).toMatchObject({ interrupted: true, indexed: true, failure: undefined });
    const { added } = result.summary;
    expect(added).toBeGreaterThanOrEqual(256);
    expect(added).toBeLessThan(1000);
    expect(store.counts(0).papers).toBe(added);
    expect((await search()).counts()).toEqual({ documents: added, embeddings: 0, unlinked: 0 });
    const rest = await run(inputs);
    expect(rest).toMatchObject({ interrupted: false, summary: { added: 1000 - added, unchanged: added } });
    expect(titles).toHaveLength(1000);
    expect((await search()).counts()).toEqual({ documents: 1000, embeddings: 1000, unlinked: 0 });
  });

  it('interrupted while embedding: what was embedded is searched, and no text is embedded again', async () => {
    const { store, fingerprint, titles, run, search } = await library();
    const stop = new AbortController();
    const onProgress = ({ stage, done }: ImportProgress): void => {
      if (stage === 'encode' && done > 0) stop.abort();
    };
    const result = await run([inputOf(many(1000))], { signal: stop.signal, onProgress });
    expect(result).toMatchObject({ interrupted: true, summary: { added: 1000 } });
    const embedded = store.counts(fingerprint).embedded;
    expect(embedded).toBeLessThan(1000);
    expect((await search()).counts()).toEqual({ documents: 1000, embeddings: embedded, unlinked: 0 });
    await run([]);
    expect(titles).toHaveLength(1000);
    expect((await search()).counts()).toEqual({ documents: 1000, embeddings: 1000, unlinked: 0 });
  });

  it('an encoder that fails leaves papers that are found by their words, and the next run goes on', async () => {
    const { store, fingerprint, run, search } = await library();
    const { encoder } = await countingEncoder(400);
    await expect(run([inputOf(many(600))], { encoder })).rejects.toThrow('the encoder broke');
    expect(store.counts(fingerprint)).toMatchObject({ papers: 600, embedded: 256 });
    expect((await search()).counts()).toMatchObject({ documents: 600, embeddings: 256 });
    await run([]);
    expect((await search()).counts()).toEqual({ documents: 600, embeddings: 600, unlinked: 0 });
  });

  it('the workspace becomes its model’s once there are papers, and before any is embedded', async () => {
    const { run, settled } = await library();
    await run([inputOf([])]);
    await run([inputOf([{ reason: 'no title' }])]);
    expect(settled).toEqual([]);
    await run([inputOf(many(3))]);
    expect(settled).toMatchObject([{ papers: 3, embedded: 0 }]);
  });

  it('without embedding: everything is found by its words, and the next run embeds it', async () => {
    const { titles, loads, run, search } = await library();
    expect(await run([inputOf(many(20))], { embed: 'nothing' })).toMatchObject({
      summary: { added: 20 },
      indexed: true,
    });
    expect(loads()).toBe(0);
    expect((await search()).counts()).toEqual({ documents: 20, embeddings: 0, unlinked: 0 });
    expect(await run([])).toMatchObject({ indexed: true });
    expect(titles).toHaveLength(20);
    expect((await search()).counts()).toEqual({ documents: 20, embeddings: 20, unlinked: 0 });
  });

  it('leaves no temporary file', async () => {
    const { workspace, run } = await library();
    await run([inputOf(many(50))]);
    await run([inputOf(many(50, 50))]);
    expect(readdirSync(workspace).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});
