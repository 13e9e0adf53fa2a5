import { describe, expect, it } from 'vitest';
import { sourceOfFile } from '../../../src/domain/mod.ts';

describe('the source that papers of a file come from', () => {
  it.each([
    ['papers.jsonl', 'papers'],
    ['papers.jsonl.gz', 'papers'],
    ['my refs.v2.bib', 'my refs.v2'],
    ['.bib', '.bib'],
    ['notes', 'notes'],
  ])('%s is called %s', (name, source) => {
    expect(sourceOfFile(name)).toBe(source);
  });
});
