import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EmbeddedEngine, type Engine } from '../../../src/engine/mod.ts';
import { type Follower, followStore, keepFollowing } from '../../../src/indexing/mod.ts';
import { Store } from '../../../src/store/mod.ts';
import { openEngine, openStore, paper, temporaryWorkspace, vectorFor, withStore } from '../../support/library.ts';
import { clusteredVectors } from '../../support/vectors.ts';

const DIMENSIONS = 16;
const WORDS = ['owls', 'moths', 'lamps', 'dusk', 'rivers'];
const queries = clusteredVectors(4, DIMENSIONS, 1);
const ALL = { clauses: [] };

function embed(store: Store, fingerprint: number, count: number): void {
  const pending = store.pending(fingerprint, 0, count);
  store.putEmbeddings(
    fingerprint,
    pending.map(({ textHash }) => {
      const vector = vectorFor({ textHash });
      // Half of them are short.
      return { textHash, vector, rest: (textHash[0] ?? 0) % 2 === 0 ? vector.toReversed() : undefined };
    }),
  );
}

/** All that an engine can be asked about few papers. */
async function answers(engine: Engine, keys: readonly number[]) {
  const { documents, embeddings } = engine.counts();
  const lexical = await Promise.all(
    WORDS.map((query) => engine.lexical({ query, lastWord: 'whole', filter: ALL, k: 100 })),
  );
  const dense = await Promise.all(queries.map((embedding) => engine.dense({ embedding, filter: ALL, k: 100 })));
  const [cosines, vectors] = [
    await Promise.all(queries.map((query) => engine.cosines(query, keys))),
    await engine.vectors(keys),
  ];
  return { documents, embeddings, lexical, dense, cosines, vectors };
}

const text = fc.record({ title: fc.constantFrom(...WORDS), abstract: fc.constantFrom('', ...WORDS) });
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('ingest' as const), id: fc.integer({ min: 1, max: 9 }), text }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      ids: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('embed' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('step' as const), limit: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('link' as const, 'save' as const, 'restart' as const) }) },
);

describe('followStore', () => {
  it('whatever a second connection writes between steps of whatever size, the engine ends as one made from scratch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), (actions) =>
        withStore(async (writer, workspace) => {
          const reader = Store.open(workspace, { create: false });
          const fingerprint = writer.fingerprintNumber('f', 'model');
          const options = { workspace, dimensions: DIMENSIONS, fingerprint };
          const engines: EmbeddedEngine[] = [];
          const begin = async (fresh: boolean): Promise<{ engine: EmbeddedEngine; follower: Follower }> => {
            const engine = await EmbeddedEngine.open({ ...options, fresh });
            engines.push(engine);
            return { engine, follower: followStore(reader, engine, { fingerprint, from: engine.revision }) };
          };
          try {
            let { engine, follower } = await begin(false);
            for (const each of actions) {
              if (each.kind === 'ingest') {
                // One source that speaks again and again of its papers: texts come, go and come back.
                writer.ingest([
                  {
                    source: 'a',
                    paper: paper({ id: `P${each.id}`, also: [`10.1234/${each.id}`], authors: [], ...each.text }),
                  },
                ]);
              } else if (each.kind === 'join') {
                const [a, b] = each.ids;
                writer.ingest([
                  { source: 'b', paper: paper({ id: `P${a}`, also: [`10.1234/${b}`], authors: [], title: 'owls' }) },
                ]);
              } else if (each.kind === 'embed') {
                embed(writer, fingerprint, each.count);
              } else if (each.kind === 'step') {
                await follower.step(each.limit);
              } else if (each.kind === 'link') {
                await engine.maintain(Infinity);
              } else if (each.kind === 'save') {
                await engine.save(follower.revision);
              } else {
                ({ engine, follower } = await begin(false));
              }
            }
            await follower.catchUp();
            expect(follower.revision).toBe(writer.lastRevision());
            expect(await follower.step(100)).toBe(false);
            const scratch = await begin(true);
            await scratch.follower.catchUp();
            const keys = Array.from({ length: 60 }, (_, i) => i + 1);
            expect(await answers(engine, keys)).toEqual(await answers(scratch.engine, keys));
            expect(engine.counts()).toMatchObject({
              documents: writer.counts(fingerprint).papers,
              embeddings: writer.counts(fingerprint).embedded,
            });
          } finally {
            for (const engine of engines) engine.close();
            reader.close();
          }
        }),
      ),
      { numRuns: 60 },
    );
  });

  it('a step that fails is taken again by the next one', async () => {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    const fingerprint = store.fingerprintNumber('f', 'model');
    const engine = await openEngine(workspace, { dimensions: DIMENSIONS, fingerprint });
    store.ingest(['P1', 'P2'].map((id) => ({ source: 'a', paper: paper({ id }) })));
    embed(store, fingerprint, 10);
    let failing = true;
    const flaky: Engine = Object.create(engine, {
      upsert: { value: (...given: Parameters<Engine['upsert']>) => engine.upsert(...given) },
      remove: { value: (...given: Parameters<Engine['remove']>) => engine.remove(...given) },
      upsertEmbeddings: {
        value: async (...given: Parameters<Engine['upsertEmbeddings']>) => {
          if (failing) throw new Error('broke');
          await engine.upsertEmbeddings(...given);
        },
      },
    });
    const follower = followStore(store, flaky, { fingerprint, from: 0 });
    await expect(follower.step(10)).rejects.toThrow('broke');
    expect(follower.revision).toBe(0);
    failing = false;
    await follower.catchUp();
    expect(engine.counts()).toMatchObject({ documents: 2, embeddings: 2 });
  });

  it('an embedding cut short in the database says that the database is damaged', async () => {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    const fingerprint = store.fingerprintNumber('f', 'model');
    store.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    const [{ textHash } = { textHash: new Uint8Array() }] = store.pending(fingerprint, 0, 1);
    store.putEmbeddings(fingerprint, [{ textHash, vector: Float32Array.of(1, 0) }]);
    const engine = await openEngine(workspace, { dimensions: DIMENSIONS, fingerprint });
    const follower = followStore(store, engine, { fingerprint, from: 0 });
    await expect(follower.catchUp()).rejects.toMatchObject({ code: 'WORKSPACE_CORRUPT' });
  });
});

describe('keepFollowing', () => {
  async function following(onError: (error: unknown) => void = (error) => expect.unreachable(String(error))) {
    const workspace = temporaryWorkspace();
    const [writer, reader] = [openStore(workspace), openStore(workspace)];
    const fingerprint = writer.fingerprintNumber('f', 'model');
    const engine = await openEngine(workspace, { dimensions: DIMENSIONS, fingerprint });
    const follower = followStore(reader, engine, { fingerprint, from: 0 });
    const kept = keepFollowing(reader, engine, follower, onError);
    const stop = (): void => kept.stop();
    onTestFinished(stop);
    return { writer, reader, engine, fingerprint, stop };
  }

  const until = (holds: () => boolean): Promise<void> =>
    expect.poll(holds, { timeout: 10_000, interval: 20 }).toBe(true);

  it('brings over what another connection writes, and links it', async () => {
    const { writer, engine, fingerprint } = await following();
    writer.ingest(Array.from({ length: 130 }, (_, i) => ({ source: 'a', paper: paper({ id: `P${i}`, authors: [] }) })));
    await until(() => engine.counts().documents === 130);
    embed(writer, fingerprint, 200);
    await until(() => engine.counts().embeddings === 130 && engine.counts().unlinked === 0);
    writer.ingest([{ source: 'b', paper: paper({ id: 'P0', also: ['10.1234/x'], title: 'Changed', authors: [] }) }]);
    writer.ingest([{ source: 'b', paper: paper({ id: '10.1234/y', authors: [] }) }]);
    writer.ingest([{ source: 'c', paper: paper({ id: '10.1234/x', also: ['P1'], authors: [] }) }]);
    await until(() => engine.counts().documents === writer.counts(fingerprint).papers);
    expect(writer.counts(fingerprint).papers).toBe(130);
  });

  it('tells of a failure and goes on afterwards, without asking all the time', async () => {
    let failures = 0;
    const workspace = temporaryWorkspace();
    const [writer, reader] = [openStore(workspace), openStore(workspace)];
    const fingerprint = writer.fingerprintNumber('f', 'model');
    const engine = await openEngine(workspace, { dimensions: DIMENSIONS, fingerprint });
    const inner = followStore(reader, engine, { fingerprint, from: 0 });
    let steps = 0;
    const follower: Follower = {
      ...inner,
      step: (limit) => {
        steps += 1;
        return steps <= 2 ? Promise.reject(new Error('busy')) : inner.step(limit);
      },
    };
    const kept = keepFollowing(reader, engine, follower, () => (failures += 1));
    onTestFinished(() => kept.stop());
    writer.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    await until(() => engine.counts().documents === 1);
    expect(failures).toBe(2);
  });

  it('stops for good, and is silent about what is closed after it', async () => {
    const { writer, reader, engine, stop } = await following();
    stop();
    await sleep(20);
    writer.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    reader.close();
    await sleep(250);
    expect(engine.counts().documents).toBe(0);
  });
});
