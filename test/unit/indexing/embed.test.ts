import { describe, expect, it } from 'vitest';
import { embedPending, embedPendingSentences } from '../../../src/indexing/mod.ts';
import type { Encoder } from '../../../src/encoder/mod.ts';
import type { Store } from '../../../src/store/mod.ts';
import { countingEncoder, openStore, paper, temporaryWorkspace } from '../../support/library.ts';

function filled(count: number, title = (i: number): string => `Title ${i}`) {
  const store = openStore(temporaryWorkspace());
  const fingerprint = store.fingerprintNumber('f', 'model');
  store.ingest(
    Array.from({ length: count }, (_, i) => ({
      source: 'a',
      paper: paper({ id: `P${i}`, title: title(i), abstract: 'The same for all.', authors: [] }),
    })),
  );
  return { store, fingerprint };
}

function embed(
  { store, fingerprint }: { store: Store; fingerprint: number },
  encoder: Encoder,
  stop = new AbortController(),
) {
  const told: number[] = [];
  const done = embedPending({ store, encoder, fingerprint, signal: stop.signal, onStored: (n) => told.push(n) });
  return { done, told };
}

describe('embedPending', () => {
  it('embeds what is pending, each text with its own embedding', async () => {
    const parts = filled(600);
    const { encoder, titles } = await countingEncoder();
    const { done, told } = embed(parts, encoder);
    expect(await done).toBe(600);
    expect(told).toEqual([256, 512, 600]);
    expect(new Set(titles).size).toBe(600);
    expect(parts.store.countPending(parts.fingerprint)).toBe(0);
    const sample = [...parts.store.embeddingsSince(0, parts.fingerprint)].filter(({ key }) => key % 50 === 0);
    for (const { key, vector } of sample) {
      const { title = '', abstract = '' } = parts.store.paper(key) ?? {};
      expect(vector).toEqual((await encoder.encodePaper({ title, abstract })).embedding);
    }
  });

  it('embeds a text once, however many papers have it and however far apart they are', async () => {
    // Papers 0 and 256, 1 and 257 and so on share a text: in one batch the first, in the next the second.
    const parts = filled(1000, (i) => `Title ${i % 256}`);
    const { encoder, titles } = await countingEncoder();
    expect(await embed(parts, encoder).done).toBe(256);
    expect(titles).toHaveLength(256);
    expect(parts.store.countPending(parts.fingerprint)).toBe(0);
  });

  it('asks for nothing the second time', async () => {
    const parts = filled(10);
    const { encoder, titles } = await countingEncoder();
    await embed(parts, encoder).done;
    expect(await embed(parts, encoder).done).toBe(0);
    expect(titles).toHaveLength(10);
  });

  it('passes the encoder’s failure on, keeps what was stored, and goes on from there', async () => {
    const parts = filled(700);
    const breaking = await countingEncoder(600);
    const { done, told } = embed(parts, breaking.encoder);
    await expect(done).rejects.toThrow('the encoder broke');
    expect(told).toEqual([256, 512]);
    expect(parts.store.countPending(parts.fingerprint)).toBe(700 - 512);
    const { encoder, titles } = await countingEncoder();
    expect(await embed(parts, encoder).done).toBe(700 - 512);
    expect(titles).toHaveLength(700 - 512);
  });

  it('stops when the signal aborts: what was under way is stored, the rest is left for the next time', async () => {
    const parts = filled(2000);
    const stop = new AbortController();
    const { encoder, titles } = await countingEncoder();
    const aborting: Encoder = {
      ...encoder,
      encodePaper: (text) => {
        if (titles.length === 300) stop.abort();
        return encoder.encodePaper(text);
      },
    };
    expect(await embed(parts, aborting, stop).done).toBe(512);
    expect(titles).toHaveLength(512);
    expect(parts.store.countPending(parts.fingerprint)).toBe(2000 - 512);
  });

  it('does nothing when it is aborted before it begins', async () => {
    const parts = filled(5);
    const stop = new AbortController();
    stop.abort();
    const { encoder, titles } = await countingEncoder();
    expect(await embed(parts, encoder, stop).done).toBe(0);
    expect(titles).toEqual([]);
  });

  it('a text that changes back while another model was used is embedded once for each model', async () => {
    const { store, fingerprint } = filled(3);
    const other = store.fingerprintNumber('g', 'other');
    const { encoder, titles } = await countingEncoder();
    await embed({ store, fingerprint }, encoder).done;
    await embed({ store, fingerprint: other }, encoder).done;
    expect(titles).toHaveLength(6);
    expect([...store.embeddingsSince(0, fingerprint)]).toHaveLength(3);
    expect([...store.embeddingsSince(0, other)]).toHaveLength(3);
  });
});

describe('embedPendingSentences', () => {
  it('embeds the sentences of what is embedded, once, and goes on where it was stopped', async () => {
    const { store, fingerprint } = filled(600);
    const { encoder } = await countingEncoder();
    const read = (stop = new AbortController()) =>
      embedPendingSentences({ store, encoder, fingerprint, signal: stop.signal, onStored: () => stop.abort() });
    expect(await read()).toBe(0);
    await embed({ store, fingerprint }, encoder).done;
    // What was under way when the signal aborted is stored.
    expect(await read()).toBe(512);
    expect(store.countPendingSentences(fingerprint)).toBe(88);
    expect(await read()).toBe(88);
    expect(await read()).toBe(0);
    const [sentences] = store.sentences([store.findKey('P7') ?? 0], fingerprint);
    expect(sentences?.map(({ start, end }) => [start, end])).toEqual([[0, 'The same for all.'.length]]);
  });
});
