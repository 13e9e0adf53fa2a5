import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { PERSON_LIMITS } from '../../../src/domain/mod.ts';
import { Desk, People, type Signals, type Store } from '../../../src/store/mod.ts';
import { openStore, paper, temporaryWorkspace } from '../../support/library.ts';

let store: Store;
let people: People;
let signals: Signals;
let desk: Desk;

beforeEach(() => {
  const workspace = temporaryWorkspace();
  store = openStore(workspace);
  people = People.open(workspace);
  onTestFinished(() => people.close());
  signals = people.signals(people.person());
  desk = new Desk(store, signals);
  store.ingest([
    { source: 'a', paper: paper({ id: 'arXiv:1706.03762', also: ['10.1234/x'], authors: ['Ada Holm'] }) },
    { source: 'a', paper: paper({ id: 'smith' }) },
    {
      source: 'b',
      paper: paper({ id: 'smith', title: 'Another Smith altogether', abstract: 'Of forges.', authors: ['Bo Lind'] }),
    },
    { source: 'b', paper: paper({ id: '10.5555/journal', title: 'Unlike the Others', authors: ['Cy Twombly'] }) },
  ]);
});

const refused = (code: string): unknown => expect.objectContaining({ code });
const library = () => desk.library().map(({ paper }) => paper);

describe('the library', () => {
  it('keeps a paper under one id, however it was spelt', () => {
    expect(desk.save(['https://arxiv.org/abs/1706.03762v5', 'doi:10.1234/X'])).toEqual({ saved: 1, already: 0 });
    expect(desk.save(['1706.03762'], { state: 'reading' })).toEqual({ saved: 0, already: 1 });
    expect(library()).toEqual(['arXiv:1706.03762']);
    expect(desk.saved('10.1234/x')).toMatchObject({
      state: 'reading',
      paper: { title: 'The matter of arXiv:1706.03762' },
    });
  });

  it('tells papers of two collections apart that have the same id', () => {
    desk.save(['b:smith']);
    expect(library()).toEqual(['b:smith']);
    expect(desk.saved('b:smith')?.paper?.title).toBe('Another Smith altogether');
    expect(desk.saved('a:smith')).toBeUndefined();
  });

  it('saves all papers of a call or none', () => {
    expect(() => desk.save(['a:smith', 'nosuch'])).toThrow(refused('PAPER_NOT_FOUND'));
    expect(library()).toEqual([]);
  });

  it('adds and takes off tags of each paper, and leaves its others be', () => {
    desk.save(['a:smith'], { tags: ['old', 'Gone'] });
    desk.save(['a:smith', 'b:smith'], { addTags: ['new'], dropTags: ['gone'] });
    expect([desk.saved('a:smith')?.tags, desk.saved('b:smith')?.tags]).toEqual([['new', 'old'], ['new']]);
    desk.save(['a:smith'], { tags: [] });
    expect(desk.saved('a:smith')?.tags).toEqual([]);
  });

  it('is filtered by state and by tag, in any case of letters', () => {
    desk.save(['a:smith'], { state: 'read', tags: ['Owls'] });
    desk.save(['b:smith'], { tags: ['Owls', 'mice'] });
    expect(desk.library({ state: 'read' }).map(({ paper }) => paper)).toEqual(['a:smith']);
    expect(desk.library({ tag: 'owls' })).toHaveLength(2);
    expect(desk.library({ tag: 'owl' })).toEqual([]);
  });

  it('knows a paper again that was merged into another since, and takes it out by any id', () => {
    desk.save(['10.5555/journal'], { note: 'mine' });
    store.decide('1706.03762', '10.5555/journal', 'same');
    expect(store.lastingId(store.findKey('10.5555/journal') ?? 0)).toBe('arXiv:1706.03762');
    expect(desk.save(['1706.03762'], { state: 'read' })).toEqual({ saved: 0, already: 1 });
    expect(desk.saved('1706.03762')).toMatchObject({ id: 'DOI:10.5555/journal', note: 'mine', state: 'read' });
    expect(desk.unsave(['1706.03762'])).toBe(1);
    expect(library()).toEqual([]);
  });

  it('takes both out where two saved papers became one', () => {
    desk.save(['1706.03762', '10.5555/journal']);
    store.decide('1706.03762', '10.5555/journal', 'same');
    expect([desk.unsave(['1706.03762']), library()]).toEqual([1, []]);
  });

  it('shows a paper that has gone by its id, and lets it be changed and taken out', () => {
    signals.save(['DOI:10.1234/gone']);
    expect(desk.saved('doi:10.1234/GONE')).toMatchObject({ id: 'DOI:10.1234/gone', paper: null });
    desk.save(['10.1234/gone'], { note: 'it was good' });
    expect(desk.saved('10.1234/gone')?.note).toBe('it was good');
    expect(desk.unsave(['10.1234/gone'])).toBe(1);
    expect(() => desk.unsave(['10.1234/gone'])).toThrow(refused('PAPER_NOT_FOUND'));
  });
});

describe('feedback', () => {
  it('is said of a paper once, and taken back by any id', () => {
    desk.tell(['1706.03762'], 'like');
    desk.tell(['10.1234/x'], 'not-this-kind');
    expect(desk.feedback()).toMatchObject([{ id: 'arXiv:1706.03762', kind: 'not-this-kind', paper: { year: null } }]);
    expect(desk.forget(['arXiv:1706.03762v3', 'a:smith'])).toBe(1);
    expect(desk.feedback()).toEqual([]);
    expect(() => desk.tell(['nosuch'], 'like')).toThrow(refused('PAPER_NOT_FOUND'));
  });
});

describe('marks', () => {
  it('give what was saved and said in short, by the id that each paper is shown with', () => {
    desk.save(['10.1234/x'], { state: 'read' });
    desk.save(['b:smith']);
    desk.tell(['10.5555/journal'], 'like');
    const shown = (id: string) => desk.paper(id)?.id;
    expect(desk.marks()).toEqual({
      saved: [
        { id: shown('b:smith'), state: 'to-read' },
        { id: shown('1706.03762'), state: 'read' },
      ],
      feedback: [{ id: shown('10.5555/journal'), kind: 'like' }],
    });
  });
});

describe('topics', () => {
  it('are made of papers and words, found by name, changed and removed', () => {
    const { id } = desk.addTopic({ name: 'Owls', papers: ['doi:10.1234/X'], require: ['owl', ' OWL '] });
    expect(desk.topicNamed('owls')).toMatchObject({ id, require: ['OWL'], papers: [{ id: 'arXiv:1706.03762' }] });
    desk.changeTopic(id, { papers: [], text: 'birds of the night' });
    expect(desk.topics()).toMatchObject([{ name: 'Owls', text: 'birds of the night', papers: [], require: ['OWL'] }]);
    desk.removeTopic(id);
    expect(() => desk.topic(id)).toThrow(refused('INTEREST_NOT_FOUND'));
  });

  it('must have a name of their own and something to go by', () => {
    const { id } = desk.addTopic({ name: 'owls', text: 'owls' });
    for (const said of [
      { name: 'OWLS', text: 'x' },
      { name: '', text: 'x' },
      { name: 'mice' },
      { name: 'a', exclude: ['b'] },
    ]) {
      expect(() => desk.addTopic(said), JSON.stringify(said)).toThrow(refused('USAGE'));
    }
    expect(() => desk.changeTopic(id, { text: ' ' })).toThrow(refused('USAGE'));
    expect(desk.topics()).toMatchObject([{ name: 'owls', text: 'owls' }]);
  });

  it('are not those that were found in the library', () => {
    const { id } = signals.addInterest('found', { papers: ['a:smith'] });
    expect(desk.topics()).toEqual([]);
    expect(() => desk.changeTopic(id, { name: 'x' })).toThrow(refused('INTEREST_NOT_FOUND'));
  });

  it("are one person's", () => {
    const other = new Desk(store, people.signals(people.add('ada').person));
    const { id } = desk.addTopic({ name: 'owls', text: 'owls' });
    expect(other.topics()).toEqual([]);
    expect(() => other.changeTopic(id, { name: 'x' })).toThrow(refused('INTEREST_NOT_FOUND'));
    expect(() => other.removeTopic(id)).toThrow(refused('INTEREST_NOT_FOUND'));
    expect(desk.topics()).toHaveLength(1);
  });
});

describe('what is too much is refused, and changes nothing', () => {
  const { tags, tagCharacters, noteCharacters, terms, termCharacters, topicPapers } = PERSON_LIMITS;
  const many = (n: number): string[] => Array.from({ length: n }, (_, i) => `w${i}`);

  it('of what is said of a saved paper', () => {
    desk.save(['a:smith'], { tags: many(tags), note: 'n'.repeat(noteCharacters) });
    for (const said of [
      { addTags: ['one more'] },
      { tags: ['x'.repeat(tagCharacters + 1)] },
      { note: 'n'.repeat(noteCharacters + 1) },
    ]) {
      expect(() => desk.save(['a:smith', 'b:smith'], said)).toThrow(refused('LIMIT_REACHED'));
    }
    expect(desk.library()).toMatchObject([{ paper: 'a:smith', note: 'n'.repeat(noteCharacters) }]);
    expect(desk.saved('a:smith')?.tags).toHaveLength(tags);
  });

  it('of topics, and of what they say', () => {
    for (const said of [
      { require: many(terms + 1) },
      { exclude: ['x'.repeat(termCharacters + 1)] },
      { text: 'x'.repeat(PERSON_LIMITS.textCharacters + 1) },
    ]) {
      expect(() => desk.addTopic({ name: 'owls', ...said })).toThrow(refused('LIMIT_REACHED'));
    }
    expect(() => signals.addInterest('topic', { name: 'owls', papers: many(topicPapers + 1) })).toThrow(
      refused('LIMIT_REACHED'),
    );
    signals.atOnce(() => {
      for (const name of many(PERSON_LIMITS.topics)) signals.addInterest('found', { name, text: 'x' });
    });
    expect(desk.addTopic({ name: 'owls', text: 'x' }).name).toBe('owls');
  });

  it('of hidden terms', () => {
    expect(() => signals.hide('term', ' ')).toThrow(refused('USAGE'));
    expect(() => signals.hide('term', 'x'.repeat(termCharacters + 1))).toThrow(refused('LIMIT_REACHED'));
    signals.atOnce(() => {
      for (const word of many(PERSON_LIMITS.hidden)) signals.hide('term', word);
    });
    expect(() => signals.hide('author', 'one more')).toThrow(refused('LIMIT_REACHED'));
    signals.hide('term', 'w7');
    expect(signals.hidden()).toHaveLength(PERSON_LIMITS.hidden);
  });

  it('of saved papers', () => {
    signals.save(many(PERSON_LIMITS.savedPapers));
    expect(() => desk.save(['a:smith'])).toThrow(refused('LIMIT_REACHED'));
    expect(signals.saved('a:smith')).toBeUndefined();
  });
});
