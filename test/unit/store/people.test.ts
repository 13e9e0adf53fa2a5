import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PERSON, People } from '../../../src/store/mod.ts';

let workspace: string;
let people: People;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'paperkin-people-'));
  people = People.open(workspace);
});

afterEach(() => {
  people.close();
  rmSync(workspace, { recursive: true });
});

const mine = () => people.signals(people.person());

describe('persons', () => {
  it('there is one from the start, and only one however often the file is opened', () => {
    people.close();
    people = People.open(workspace);
    expect(people.persons()).toMatchObject([{ name: DEFAULT_PERSON, isDefault: true, hasToken: false }]);
  });

  it('a token speaks for whom it was made, and is not stored', () => {
    const { person, token } = people.add('Ada Lovelace');
    expect(people.personOf(token)).toEqual({ ...person, hasToken: true });
    expect(people.personOf(`${token}x`)).toBeUndefined();
    const bytes = readdirSync(workspace).map((file) => readFileSync(join(workspace, file), 'latin1'));
    expect(bytes.some((text) => text.includes('Ada Lovelace'))).toBe(true);
    expect(bytes.some((text) => text.includes(token.slice(-20)))).toBe(false);
  });

  it('a new token takes the place of the old one', () => {
    const { person, token } = people.add('ada');
    const renewed = people.renewToken(person);
    expect([people.personOf(token), people.personOf(renewed)?.name]).toEqual([undefined, 'ada']);
  });

  it('names are told apart but for case, and must be plain', () => {
    people.add('ada');
    expect(people.person('ADA').name).toBe('ada');
    for (const name of ['Ada', '', '../etc', 'a'.repeat(65), 'x\ny']) {
      expect(() => people.add(name), JSON.stringify(name)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    }
    expect(() => people.person('bob')).toThrow(expect.objectContaining({ code: 'PERSON_NOT_FOUND' }));
  });

  it('erasing leaves no trace of what was said, in no file', () => {
    const { person } = people.add('ada');
    const signals = people.signals(person);
    signals.save(['arXiv:1706.03762'], { note: 'the zebra note', tags: ['quokka'] });
    signals.addInterest('topic', { name: 'wombats', text: 'burrows', papers: ['arXiv:1810.04805'] });
    signals.hide('term', 'numbat');
    signals.tell('arXiv:2005.14165', 'not-this-kind');
    signals.show(['arXiv:1512.03385'], 'feed', 7);
    signals.set('digest', { to: 'ada@example.org' });
    people.erase(person);
    const bytes = readdirSync(workspace)
      .map((file) => readFileSync(join(workspace, file), 'latin1'))
      .join('');
    for (const trace of ['zebra', 'quokka', 'wombats', 'burrows', 'numbat', '2005.14165', '1512.03385', 'ada@']) {
      expect(bytes.includes(trace), trace).toBe(false);
    }
    expect(people.persons()).toHaveLength(1);
  });

  it('the default person begins anew when erased', () => {
    mine().save(['a:1']);
    people.erase(people.person());
    expect(people.person().name).toBe(DEFAULT_PERSON);
    expect(mine().library()).toEqual([]);
  });

  it('what is exported is all that is kept', () => {
    const signals = mine();
    signals.save(['arXiv:1706.03762'], { state: 'read', tags: ['nlp'], note: 'good' });
    signals.addInterest('topic', { name: 'owls', require: ['owl'] });
    signals.hide('author', 'A. Nonymous');
    signals.tell('arXiv:2005.14165', 'like');
    signals.show(['arXiv:1512.03385'], 'mail', 7);
    signals.set('diversity', 0.7);
    expect(people.export(people.person(), (id) => `title of ${id}`)).toMatchObject({
      person: { name: 'me' },
      library: [
        { paper: 'arXiv:1706.03762', title: 'title of arXiv:1706.03762', state: 'read', tags: ['nlp'], note: 'good' },
      ],
      interests: [{ origin: 'topic', name: 'owls', require: ['owl'] }],
      hidden: [{ kind: 'author', value: 'A. Nonymous' }],
      feedback: [{ paper: 'arXiv:2005.14165', kind: 'like' }],
      impressions: [{ paper: 'arXiv:1512.03385', place: 'mail', times: 1 }],
      settings: { diversity: 0.7 },
    });
  });

  it('are looked for without making the file', () => {
    const elsewhere = join(workspace, 'elsewhere');
    expect(People.openIfThere(elsewhere)).toBeUndefined();
    expect(existsSync(elsewhere)).toBe(false);
    People.openIfThere(workspace)?.close();
  });

  it('what belongs to nobody is a problem, and else there is none', () => {
    const { person } = people.add('ada');
    people.signals(person).save(['a:1'], { tags: ['x'] });
    expect(people.problems()).toEqual([]);
    const db = new Database(join(workspace, 'people.db'));
    db.pragma('foreign_keys = OFF');
    db.prepare('DELETE FROM persons WHERE id = ?').run(person.id);
    db.close();
    expect(people.problems()).toEqual(['rows of saved belong to nothing']);
  });

  it('a secret is made once', () => {
    expect(people.secret('links')).toEqual(people.secret('links'));
    expect(people.secret('links')).not.toEqual(people.secret('other'));
  });
});

describe('what a person says', () => {
  it('saving again changes what is told and keeps the rest', () => {
    const signals = mine();
    expect(signals.save(['a:1', 'a:2', 'a:1'], { tags: ['x', 'X', ' y '], note: 'first' })).toBe(2);
    expect(signals.save(['a:1'], { state: 'reading' })).toBe(0);
    expect(signals.saved('a:1')).toMatchObject({ state: 'reading', tags: ['X', 'y'], note: 'first' });
    expect(signals.unsave('a:1')).toBe(true);
    expect(signals.unsave('a:1')).toBe(false);
    expect(signals.library().map(({ paper }) => paper)).toEqual(['a:2']);
  });

  it('one person sees nothing of another', () => {
    const other = people.signals(people.add('ada').person);
    mine().save(['a:1']);
    mine().tell('a:1', 'like');
    const topic = mine().addInterest('topic', { name: 'owls' });
    expect([other.library(), other.feedback(), other.interests()]).toEqual([[], [], []]);
    expect(() => other.changeInterest(topic.id, { muted: true })).toThrow(
      expect.objectContaining({ code: 'INTEREST_NOT_FOUND' }),
    );
    other.dropInterest(topic.id);
    expect(mine().interests()).toHaveLength(1);
  });

  it('interests are changed in what is told, and two have no one name', () => {
    const signals = mine();
    const { id } = signals.addInterest('topic', { name: 'owls', papers: ['a:1'], exclude: ['barn'] });
    signals.changeInterest(id, { weight: 2, papers: ['a:2', 'a:3'] });
    expect(signals.interest(id)).toMatchObject({ name: 'owls', weight: 2, papers: ['a:2', 'a:3'], exclude: ['barn'] });
    expect(() => signals.addInterest('topic', { name: 'Owls' })).toThrow(expect.objectContaining({ code: 'USAGE' }));
    signals.changeInterest(id, { deleted: true });
    expect(signals.interests()).toEqual([]);
    expect(signals.interests({ deleted: true })).toHaveLength(1);
    expect(signals.addInterest('topic', { name: 'owls' }).name).toBe('owls');
  });

  it('the latest word on a paper holds, and can be taken back', () => {
    const signals = mine();
    signals.tell('a:1', 'like');
    signals.tell('a:1', 'not-this-paper');
    expect(signals.feedback()).toMatchObject([{ paper: 'a:1', kind: 'not-this-paper' }]);
    signals.tell('a:1', undefined);
    expect(signals.feedback()).toEqual([]);
  });

  it('papers shown are counted by place, and the first time is kept', () => {
    const signals = mine();
    signals.show(['a:1'], 'feed', 7, '2026-01-01T00:00:00.000Z');
    signals.show(['a:1'], 'mail', 7, '2026-01-02T00:00:00.000Z');
    signals.show(['a:1'], 'feed', 7, '2026-01-03T00:00:00.000Z');
    expect([...signals.shown()]).toEqual([['a:1', '2026-01-01T00:00:00.000Z']]);
    expect(signals.impressions().find(({ place }) => place === 'feed')).toMatchObject({ times: 2 });
  });

  it('what came since the last showing of another day is new: the last two are remembered, with the paper that had come last', () => {
    const signals = mine();
    signals.show(['a:1'], 'feed', 10, '2026-01-01T08:00:00.000Z');
    signals.show(['a:2'], 'mail', 20, '2026-01-01T09:00:00.000Z');
    expect(signals.visits()).toEqual([{ at: '2026-01-01T08:00:00.000Z', key: 10 }]);
    signals.show(['a:3'], 'web-feed', 30, '2026-01-02T08:00:00.000Z');
    signals.show(['a:4'], 'feed', 40, '2026-01-03T08:00:00.000Z');
    expect(signals.visits().map(({ key }) => key)).toEqual([30, 40]);
  });

  it('the revision grows with whatever a profile follows from, and not with what is shown', () => {
    const signals = mine();
    const before = signals.revision();
    signals.show(['a:1'], 'feed', 7);
    expect(signals.revision()).toBe(before);
    signals.save(['a:1']);
    signals.hide('venue', 'Nowhere');
    expect(signals.revision()).toBeGreaterThan(before + 1);
  });

  it('a reset forgets what was learned and keeps the library and the topics', () => {
    const signals = mine();
    signals.save(['a:1']);
    signals.addInterest('topic', { name: 'owls' });
    signals.addInterest('found', { papers: ['a:1'] });
    signals.tell('a:2', 'not-this-kind');
    signals.hide('term', 'barn');
    signals.show(['a:3'], 'feed', 7);
    signals.reset();
    expect([signals.feedback(), signals.hidden(), signals.impressions()]).toEqual([[], [], []]);
    expect(signals.interests().map(({ origin }) => origin)).toEqual(['topic']);
    expect(signals.library()).toHaveLength(1);
  });
});
