import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenVectors } from '../../src/encoder/contract.ts';
import { DEFAULT_MODEL, openEncoder, type Encoder, type PaperText } from '../../src/encoder/mod.ts';
import { alignment } from '../../src/retrieval/alignment.ts';

/** Every encoder keeps these promises; the transformer needs `npm run build` first (its worker is compiled). */
const IMPLEMENTATIONS = ['hashing', 'paperkin-minilm'];

const ATTENTION: PaperText = {
  title: 'Attention Is All You Need',
  abstract: 'We propose the Transformer, a network for machine translation based solely on attention mechanisms.',
};
const CORALS: PaperText = {
  title: 'Bleaching of reef corals',
  abstract: 'Warm water makes corals expel their symbiotic algae; we survey bleaching on forty reefs.',
};

const HOSTILE: Readonly<Record<string, string>> = {
  empty: '',
  'white space only': ' \n\t\u00a0\u2028',
  'a megabyte of one letter': 'a'.repeat(1 << 20),
  'a megabyte of full stops': '.'.repeat(1 << 20),
  'a megabyte of white space': `${' '.repeat(1 << 20)}end`,
  'half a million words': 'word '.repeat(500_000),
  'a megabyte of control characters': '\u0001'.repeat(1 << 20),
  'lone surrogates': '\ud800 text \udc00\ud83d',
  emoji: '👩‍🔬🧪🇨🇭'.repeat(2000),
  'a megabyte of emoji': '🧪'.repeat(1 << 18),
  'combining accents': `e${'\u0301'.repeat(100_000)}`,
  'right to left': 'مرحبا بالعالم \u202e שלום',
  Chinese: '深度学习'.repeat(5000),
  'nul bytes': '\0graph\0\0theory\0',
  'special tokens': '[CLS] [SEP] [PAD] [MASK] [UNK] </s>',
};

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0);
}

describe.each(IMPLEMENTATIONS)('encoder %s', (model) => {
  let encoder: Encoder;

  beforeAll(async () => {
    encoder = await openEncoder({ model, modelsDir: 'models', allowDownload: false, threads: 2 });
  }, 60_000);
  afterAll(() => encoder.close());
  const beginning = async (text: PaperText) => (await encoder.encodePaper(text)).embedding;

  it('gives embeddings of the described length, a unit long', async () => {
    for (const embedding of [await beginning(ATTENTION), (await encoder.encodeQuery('coral reefs')).embedding]) {
      expect(embedding).toBeInstanceOf(Float32Array);
      expect(embedding).toHaveLength(encoder.model.dimensions);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    }
  });

  it('gives the same embedding for the same text', async () => {
    expect(await encoder.encodePaper(ATTENTION)).toEqual(await encoder.encodePaper(ATTENTION));
  });

  it.runIf(model === DEFAULT_MODEL)('gives vectors of words, alike where they mean the same', async () => {
    const { tokens: query } = await encoder.encodeQuery('the cats and dogs');
    const { tokens: paper } = await encoder.encodePaper({ title: 'Kittens, puppies', abstract: '' });
    const { tokens: other } = await encoder.encodePaper({ title: 'Elliptic operators', abstract: '' });
    // Stop words and punctuation have none.
    expect(query?.vectors.length).toBe(2 * (query?.dimensions ?? 0));
    const nearness = (to: TokenVectors | undefined): number =>
      alignment(query?.vectors ?? new Int8Array(), to?.vectors ?? new Int8Array(), query?.dimensions ?? 1);
    expect(nearness(query)).toBeCloseTo(1, 1);
    expect(nearness(paper)).toBeGreaterThan(nearness(other) + 0.1);
  });

  it('is not moved by what is encoded beside a text', async () => {
    const alone = await beginning(ATTENTION);
    const crowd = Array.from({ length: 24 }, (_, n) =>
      n % 3 === 0 ? beginning(ATTENTION) : beginning({ title: CORALS.title, abstract: CORALS.abstract.repeat(n) }),
    );
    const embeddings = await Promise.all(crowd);
    for (const embedding of embeddings.filter((_, n) => n % 3 === 0)) {
      expect(cosine(alone, embedding)).toBeGreaterThanOrEqual(0.9999);
    }
  });

  it('tells different texts apart', async () => {
    const [attention, corals] = await Promise.all([beginning(ATTENTION), beginning(CORALS)]);
    expect(cosine(attention, corals)).toBeLessThan(0.9);
  });

  it('puts a query nearer to the paper it asks for', async () => {
    const { embedding: query } = await encoder.encodeQuery('bleaching of coral reefs in warm water');
    const [attention, corals] = await Promise.all([beginning(ATTENTION), beginning(CORALS)]);
    expect(cosine(query, corals)).toBeGreaterThan(cosine(query, attention) + 0.1);
  });

  it('embeds what lies past the cut where there is something, and by what stands there', async () => {
    expect((await encoder.encodePaper(ATTENTION)).rest).toBeUndefined();
    expect((await encoder.encodePaper({ title: ATTENTION.title, abstract: '' })).rest).toBeUndefined();
    // The cut is at 128 tokens or 256 words, and the rest goes on as far again.
    const until = Math.floor(encoder.model.maxTokens / 10);
    const long = { title: ATTENTION.title, abstract: `${ATTENTION.abstract} `.repeat(2 * until) };
    const turned = `${ATTENTION.abstract} `.repeat(until) + `${CORALS.abstract} `.repeat(until);
    const ends = await encoder.encodePaper({ ...long, abstract: turned });
    const { rest } = await encoder.encodePaper(long);
    const { embedding: query } = await encoder.encodeQuery('bleaching of coral reefs in warm water');
    if (!rest || !ends.rest) throw new Error('nothing past the cut');
    expect(Math.hypot(...rest)).toBeCloseTo(1, 5);
    expect(Math.hypot(...ends.rest)).toBeCloseTo(1, 5);
    expect(cosine(query, ends.rest)).toBeGreaterThan(cosine(query, rest));
    expect(ends.embedding).toEqual(await beginning(long));
  });

  it('embeds each sentence as if it stood alone, and says where it stands', async () => {
    const abstract = ` ${CORALS.abstract}\n${ATTENTION.abstract}  `;
    const found = await encoder.encodeSentences(abstract);
    expect(found.map(({ start, end }) => abstract.slice(start, end))).toEqual([CORALS.abstract, ATTENTION.abstract]);
    for (const { start, end, vector } of found) {
      expect(vector).toEqual((await encoder.encodeQuery(abstract.slice(start, end))).embedding);
    }
    expect(await encoder.encodeSentences(' \n')).toEqual([]);
    expect(await encoder.encodeSentences('. ... !')).toEqual([]);
  });

  it('takes hundreds of texts at once', async () => {
    const many = Array.from({ length: 200 }, (_, n) => encoder.encodeQuery(`query ${n}`));
    expect(await Promise.all(many)).toHaveLength(200);
  }, 60_000);

  it.each(Object.keys(HOSTILE))('survives %s', async (name) => {
    const text = HOSTILE[name] ?? '';
    const embeddings = await Promise.all([
      encoder.encodeQuery(text).then(({ embedding }) => embedding),
      beginning({ title: text, abstract: '' }),
      beginning({ title: 'A title', abstract: text }),
    ]);
    for (const embedding of embeddings) expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    const { rest } = await encoder.encodePaper({ title: 'A title', abstract: text });
    if (rest) expect(Math.hypot(...rest)).toBeCloseTo(1, 5);
    const sentences = await encoder.encodeSentences(text);
    expect(sentences.length).toBeLessThanOrEqual(24);
    let at = 0;
    for (const { start, end, vector } of sentences) {
      expect(start).toBeGreaterThanOrEqual(at);
      expect(end).toBeGreaterThan(start);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      at = end;
    }
  });

  it('ends: waiting texts settle, later ones are refused, closing twice is fine', async () => {
    const other = await openEncoder({ model, modelsDir: 'models', allowDownload: false, threads: 1 });
    const waiting = Array.from({ length: 20 }, () => other.encodePaper(ATTENTION));
    const settled = Promise.allSettled(waiting);
    await Promise.all([other.close(), other.close()]);
    for (const outcome of (await settled).filter(({ status }) => status === 'rejected')) {
      expect(outcome).toMatchObject({ reason: { code: 'ENCODER_FAILED' } });
    }
    await expect(other.encodeQuery('late')).rejects.toMatchObject({ code: 'ENCODER_FAILED' });
  }, 60_000);
});
