import { describe, expect, it } from 'vitest';
import { beir } from '../../../src/collection/beir.ts';
import { firstSentence } from '../../../src/collection/text.ts';
import { papersIn, readAs, rejectionsIn } from './reading.ts';

const read = (...documents: readonly unknown[]) =>
  readAs(beir, documents.map((document) => JSON.stringify(document)).join('\n'));

describe('beir', () => {
  it('keeps ids as they are given, known schemes in normal form', async () => {
    const papers = papersIn(
      await read(
        { _id: '1', title: 'A', text: '' },
        { _id: 7, title: 'B', text: 'b' },
        { _id: 'arxiv:2503.00001', title: 'C', text: 'c' },
      ),
    );
    expect(papers.map((paper) => paper.id)).toEqual(['1', '7', 'arXiv:2503.00001']);
  });

  it('uses the metadata that is valid and passes over the rest', async () => {
    const metadata = {
      date: '2025-03-04',
      year: 'soon',
      authors: ['Orla Finch'],
      url: 5,
      venue: 'KNOTS',
      categories: 'cs.RO',
    };
    const papers = papersIn(
      await read({ _id: '1', title: 'A', text: 'a', metadata }, { _id: '2', title: 'B', metadata: 'x' }),
    );
    expect(papers[0]).toMatchObject({
      year: 2025,
      date: '2025-03-04',
      authors: ['Orla Finch'],
      venue: 'KNOTS',
      categories: ['cs.RO'],
    });
    expect(papers[0]).not.toHaveProperty('url');
    expect(papers[1]).toMatchObject({ id: '2', abstract: '' });
  });

  it('makes a title of the text where there is none, and rejects only what has neither', async () => {
    const readings = await read(
      { _id: '1', title: '', text: 'Moles dig. Then they rest.' },
      { _id: '2', title: ' ', text: '' },
      { title: 'no id', text: 'x' },
    );
    expect(papersIn(readings)[0]).toMatchObject({ title: 'Moles dig.', abstract: 'Moles dig. Then they rest.' });
    expect(rejectionsIn(readings)).toEqual(['2: title and text are both empty', '3: _id is missing']);
  });

  it('is told from queries and from Paperkin JSONL', () => {
    expect(beir.recognises('{"_id":"1","title":"","text":"t"}\n{"_id":')).toBe(true);
    expect(beir.recognises(`{"_id":"1","title":"","text":"${'t'.repeat(70_000)}`)).toBe(true);
    expect(beir.recognises('{"_id":"1","text":"a query"}')).toBe(false);
    expect(beir.recognises('{"id":"1","title":"T"}')).toBe(false);
  });
});

describe('firstSentence', () => {
  it('ends where the sentence does, or at a word within the limit', () => {
    expect(firstSentence('Short one', 20)).toBe('Short one');
    expect(firstSentence('A 2.5-fold gain. More.', 20)).toBe('A 2.5-fold gain.');
    expect(firstSentence('one two three four five six', 20)).toBe('one two three four…');
    expect(firstSentence('x'.repeat(300), 200)).toHaveLength(200);
  });
});
