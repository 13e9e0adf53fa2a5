import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_RERANK_DEPTH } from '../../../src/encoder/contract.ts';
import { openReranker, type PaperText, type Reranker } from '../../../src/encoder/mod.ts';
import { type Head, scoreOf, writeCrossEncoder } from '../../support/cross-encoder.ts';
import { temporaryFolder } from './models.ts';

const text = (title: string, abstract = ''): PaperText => ({ title, abstract });

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function written(options: { readonly head?: Head; readonly maxTokens?: number } = {}): Promise<string> {
  const folder = await temporaryFolder();
  folders.push(folder);
  await writeCrossEncoder(folder, options);
  return folder;
}

async function open(options: { readonly head?: Head; readonly maxTokens?: number } = {}): Promise<Reranker> {
  const model = await written(options);
  return openReranker({ model, modelsDir: 'models', allowDownload: false, threads: 2, depth: 20 });
}

const OWLS = text('Owls in snow', 'They hunt at night.');
const MOTHS = text('Moths', 'At night they circle lamps.');

describe('a cross-encoder', () => {
  let reranker: Reranker;

  beforeAll(async () => {
    reranker = await open();
  }, 30_000);
  afterAll(() => reranker.close());

  it('reads query and text together: each gets its share of the query', async () => {
    const scores = await reranker.score('owls hunt at night', [MOTHS, OWLS, text('Ice on rivers')]);
    expect(scores).toBeInstanceOf(Float32Array);
    [0.5, 1, 0].forEach((share, i) => expect(scores[i]).toBeCloseTo(scoreOf(share), 5));
  });

  it('scores a pair alike, whatever is scored beside it', async () => {
    const alone = await reranker.score('owls at night', [OWLS]);
    const crowd = Array.from({ length: 40 }, (_, n) => text(`Paper ${n}`, 'night '.repeat(n * 10)));
    const among = await reranker.score('owls at night', [...crowd, OWLS]);
    expect(among.at(-1)).toBe(alone[0]);
  });

  it('has nothing to say of no texts', async () => {
    expect(await reranker.score('owls', [])).toHaveLength(0);
  });

  it.each([
    ['nothing', ''],
    ['a megabyte of one letter', 'a'.repeat(1 << 20)],
    ['half a million words', 'word '.repeat(500_000)],
    ['a megabyte of emoji', '🧪'.repeat(1 << 18)],
    ['special tokens', '[CLS] [SEP] [PAD] [SEP] a [SEP] a'],
    ['lone surrogates and nul bytes', '\ud800\0\udc00\0'],
  ])('scores %s as query and as text', async (_name, hostile) => {
    const scores = await reranker.score(hostile, [text(hostile, hostile), OWLS]);
    for (const score of scores) expect(score).toBeGreaterThanOrEqual(0);
    expect((await reranker.score('owls', [text(hostile, hostile)]))[0]).toBeLessThan(0.5);
  });

  it('refuses a search whose pairs do not fit beside those that wait, and goes on', async () => {
    const texts = Array.from({ length: MAX_RERANK_DEPTH }, () => OWLS);
    const first = reranker.score('owls', texts);
    await expect(reranker.score('owls', texts)).rejects.toMatchObject({ code: 'ENCODER_BUSY' });
    await expect(reranker.score('owls', [OWLS])).resolves.toHaveLength(1);
    expect(await first).toHaveLength(MAX_RERANK_DEPTH);
    await expect(reranker.score('owls', texts)).resolves.toHaveLength(MAX_RERANK_DEPTH);
  });
});

describe('a cross-encoder of another kind', () => {
  it('has two logits: the second speaks for the text', async () => {
    const reranker = await open({ head: 'yes-no' });
    const scores = await reranker.score('owls hunt at night', [MOTHS, OWLS]);
    expect(scores[0]).toBeCloseTo(scoreOf(0.5, 'yes-no'), 5);
    expect(scores[1]).toBeCloseTo(scoreOf(1, 'yes-no'), 5);
    await reranker.close();
  }, 30_000);

  it('reads no more than its length, and some of both texts', async () => {
    const reranker = await open({ maxTokens: 16 });
    const far = text('', `${'lamp '.repeat(40)} owls`);
    const [late] = await reranker.score('owls', [far]);
    expect(late).toBeCloseTo(scoreOf(0), 5);
    const [longQuery] = await reranker.score('owls '.repeat(1000), [OWLS]);
    expect(longQuery).toBeCloseTo(scoreOf(1), 5);
    await reranker.close();
  }, 30_000);

  it('reports a pair of which it makes no number, and goes on', async () => {
    const reranker = await open({ head: 'broken' });
    await expect(reranker.score('owls', [OWLS, MOTHS])).rejects.toMatchObject({ code: 'ENCODER_FAILED' });
    expect((await reranker.score('owls', [OWLS]))[0]).toBeCloseTo(scoreOf(1), 5);
    await reranker.close();
    await expect(reranker.score('owls', [OWLS])).rejects.toMatchObject({ code: 'ENCODER_FAILED' });
  }, 30_000);
});

describe('what is no cross-encoder', () => {
  const opening = (model: string) =>
    openReranker({ model, modelsDir: 'models', allowDownload: false, threads: 1, depth: 20 });

  it('is refused where it is a model of embeddings', async () => {
    const refused = { code: 'MODEL_NOT_FOUND', message: expect.stringMatching(/model of embeddings/) };
    await expect(opening('paperkin-minilm')).rejects.toMatchObject(refused);
  }, 30_000);

  it('is refused where it tells more kinds apart than two', async () => {
    await expect(open({ head: 'three' })).rejects.toThrow(/3 logits/);
  }, 30_000);

  it.each([
    ['./nosuch', /no folder/],
    ['nosuch', /no folder .*nosuch, and it is no hub id/],
    ['org/nosuch', /--allow-download/],
  ])('is refused where it is not there: %s', async (model, reason) => {
    await expect(opening(model)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(reason),
    });
  });

  it('is refused where a file is missing', async () => {
    const folder = await written();
    await rm(join(folder, 'tokenizer.json'));
    await expect(opening(folder)).rejects.toThrow(/tokenizer\.json is missing/);
  });
});
