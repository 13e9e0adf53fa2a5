import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packSentences, type StoredSentence, unpackSentences } from '../../../src/store/sentences.ts';
import type { Store } from '../../../src/store/mod.ts';
import { openStore, paper, temporaryWorkspace } from '../../support/library.ts';
import { clusteredVectors, cosine, unit } from '../../support/vectors.ts';

const places = (sentences: readonly StoredSentence[]) => sentences.map(({ start, end }) => [start, end]);

describe('sentences as they are stored', () => {
  it('come back with their places, and with vectors that point where they did', () => {
    const gaps = fc.array(fc.tuple(fc.nat(200_000), fc.integer({ min: 1, max: 100_000 })), { maxLength: 30 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 400 }), (lengths, dimensions) => {
        const vectors = clusteredVectors(lengths.length, dimensions, 1);
        let at = 0;
        const sentences = lengths.map(([blanks, length], i) => {
          const start = at + blanks;
          at = start + length;
          return { start, end: at, vector: vectors[i] ?? unit([1]) };
        });
        const back = unpackSentences(packSentences(sentences));
        expect(places(back)).toEqual(places(sentences));
        back.forEach(({ vector }, i) => {
          expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
          expect(cosine(vector, sentences[i]?.vector ?? unit([1]))).toBeGreaterThan(0.999);
        });
      }),
    );
  });

  it('take a byte a dimension and a few more', () => {
    const vector = clusteredVectors(1, 384, 1)[0] ?? unit([1]);
    expect(packSentences([{ start: 0, end: 150, vector }])).toHaveLength(384 + 5);
    expect(packSentences([])).toHaveLength(0);
  });

  it('are read up to where a damaged entry ends, whatever it is', () => {
    const whole = packSentences([
      { start: 0, end: 9, vector: unit([1, 2]) },
      { start: 10, end: 19, vector: unit([2, 1]) },
    ]);
    expect(places(unpackSentences(whole.subarray(0, whole.length - 1)))).toEqual([[0, 9]]);
    fc.assert(
      fc.property(fc.uint8Array(), (blob) => {
        expect(unpackSentences(blob).length).toBeLessThanOrEqual(blob.length);
      }),
    );
  });
});

describe('sentences of papers', () => {
  const vector = unit([1, 2]);
  const embed = (store: Store, fingerprint: number): void =>
    store.putEmbeddings(
      fingerprint,
      store.pending(fingerprint, 0, 100).map(({ textHash }) => ({ textHash, vector })),
    );

  function library() {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    const fingerprint = store.fingerprintNumber('f', 'model');
    const tell = (id: string, abstract: string) =>
      store.ingest([{ source: 'a', paper: paper({ id, title: 'Editorial', abstract, authors: [id] }) }]);
    tell('P1', 'One. Two.');
    tell('P2', 'One. Two.');
    tell('P3', 'Three.');
    const keys = ['P1', 'P2', 'P3'].map((id) => store.findKey(id) ?? 0);
    return { store, fingerprint, tell, keys };
  }
  const read = { sentences: [{ start: 0, end: 4, vector }] };

  it('wait until their text is embedded, once for all papers that have it', () => {
    const { store, fingerprint, keys } = library();
    expect(store.pendingSentences(fingerprint, 0, 10)).toEqual([]);
    embed(store, fingerprint);
    const pending = store.pendingSentences(fingerprint, 0, 10);
    expect(pending.map(({ abstract }) => abstract).sort()).toEqual(['One. Two.', 'Three.']);
    expect(store.countPendingSentences(fingerprint)).toBe(2);
    expect(store.pendingSentences(fingerprint, pending[0]?.label ?? 0, 10)).toHaveLength(1);
    const { label = 0 } = pending.find(({ abstract }) => abstract === 'One. Two.') ?? {};
    store.putSentences([{ label, ...read }]);
    expect(store.countPendingSentences(fingerprint)).toBe(1);
    const [first, second, third] = store.sentences(keys, fingerprint);
    expect(first).toMatchObject([{ start: 0, end: 4 }]);
    expect(second).toEqual(first);
    expect(third).toBeUndefined();
    expect(store.sentences([999], fingerprint)).toEqual([undefined]);
  });

  it('count as read where there are none', () => {
    const { store, fingerprint, keys } = library();
    embed(store, fingerprint);
    store.putSentences(store.pendingSentences(fingerprint, 0, 10).map(({ label }) => ({ label, sentences: [] })));
    expect(store.countPendingSentences(fingerprint)).toBe(0);
    expect(store.sentences(keys, fingerprint)).toEqual([[], [], []]);
  });

  it('are those of the text a paper has now, and come back with it', () => {
    const { store, fingerprint, tell, keys } = library();
    embed(store, fingerprint);
    const readAll = () =>
      store.putSentences(store.pendingSentences(fingerprint, 0, 10).map(({ label }) => ({ label, ...read })));
    readAll();
    tell('P3', 'Another.');
    expect(store.sentences(keys.slice(2), fingerprint)).toEqual([undefined]);
    expect(store.countPendingSentences(fingerprint)).toBe(0);
    tell('P3', 'Three.');
    expect(store.sentences(keys.slice(2), fingerprint)).toMatchObject([[{ start: 0, end: 4 }]]);
  });

  it('go with the embeddings of another model', () => {
    const { store, fingerprint, keys } = library();
    embed(store, fingerprint);
    store.putSentences(store.pendingSentences(fingerprint, 0, 10).map(({ label }) => ({ label, ...read })));
    const other = store.fingerprintNumber('g', 'model');
    expect(store.sentences(keys, other)).toEqual([undefined, undefined, undefined]);
    embed(store, other);
    expect(store.countPendingSentences(other)).toBe(2);
    store.dropOtherEmbeddings(other);
    expect(store.sentences(keys, fingerprint)).toEqual([undefined, undefined, undefined]);
    expect(store.problems()).toEqual([]);
  });
});
