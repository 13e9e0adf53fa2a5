import { describe, expect, it } from 'vitest';
import { parseFilter, searchOfTopic, topicOfSearch } from '../../../src/domain/mod.ts';

describe('a search as a topic', () => {
  it('keeps what a topic can say, and tells what is lost', () => {
    const filter = parseFilter(
      'category:cs.CL author:"Ada Holm" text:"graph net" -text:survey year>=2020 -category:cs.CV',
    );
    expect(topicOfSearch('graphs', filter)).toEqual({
      topic: {
        text: 'graphs',
        require: ['graph net'],
        exclude: ['survey'],
        authors: ['Ada Holm'],
        categories: ['cs.CL'],
      },
      lost: 'year>=2020 -category:cs.CV',
    });
  });

  it('is found again by the search of its topic', () => {
    const filter = parseFilter('category:cs.CL category:cs.IR author:"Ada Holm" text:"graph net" -text:survey');
    const { topic, lost } = topicOfSearch('graphs', filter);
    expect(lost).toBe('');
    const search = searchOfTopic(topic);
    expect(search.query).toBe('graphs');
    expect(parseFilter(search.filter)).toEqual(filter);
    expect(topicOfSearch(search.query, parseFilter(search.filter))).toEqual({ topic, lost: '' });
  });

  it('of a topic without a text asks for what it requires', () => {
    const topic = { text: '', require: ['owls'], exclude: [], authors: ['Ada Holm'], categories: [] };
    expect(searchOfTopic(topic).query).toBe('owls Ada Holm');
  });
});
