import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/collection/mod.ts';
import { importExamples } from '../../support/examples.ts';
import { collect, papersIn, readBytes } from '../collection/reading.ts';

const examples = importExamples();

describe('docs/import.md', () => {
  it('has an example of every format', () => {
    const shown = new Set(examples.map(({ format }) => format));
    expect([...shown].toSorted()).toEqual(FORMATS.map(({ name }) => name).toSorted());
  });

  it.each(examples)('has an example of $format that is recognised as that and as nothing else', ({ format, text }) => {
    expect(FORMATS.filter(({ recognises }) => recognises(text)).map(({ name }) => name)).toEqual([format]);
  });

  it.each(examples)('has an example of $format that is imported in whole', async ({ text }) => {
    const readings = await collect(readBytes(text, { requireAbstract: true }));
    expect(readings.filter(({ kind }) => kind !== 'paper')).toEqual([]);
    const papers = papersIn(readings);
    expect(papers.length).toBeGreaterThan(0);
    for (const { title, abstract } of papers) {
      expect(title).toMatch(/^(?:Owls Hear in Three Dimensions|On Finding What One Has Read)\.?$/);
      expect(abstract.length).toBeGreaterThan(20);
    }
  });
});
