import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../src/domain/mod.ts';
import { paper } from '../../support/library.ts';
import { searchable } from '../../support/searchable.ts';

const PAPERS = [
  paper({ id: 'a:1', title: 'Owls', authors: ['Edda M. Quill', 'Noor Tal'], year: 2001 }),
  paper({ id: 'a:2', title: 'Voles', authors: ['Quill, E.', 'Tal Noor'], year: 2010 }),
  paper({ id: 'a:3', title: 'Quill feathers', abstract: 'A quill is a feather.', authors: ['Joris van den Berg'] }),
  paper({ id: 'a:4', title: 'Berg and its ice', authors: ['Mira Bergs', 'Edda', 'Quill'] }),
];
const NONE = { clauses: [] };

describe('bearers of a name', () => {
  it.each([
    ['Edda Quill', ['edda m quill']],
    ['Quill Edda', ['edda m quill']],
    ['E. Quill', ['edda m quill', 'e quill']],
    ['Edda M. Quill', ['edda m quill']],
    ['QUILL', ['edda m quill', 'e quill', 'quill']],
    ['Noor Tal', ['noor tal', 'tal noor']],
    ['van den Berg', ['joris van den berg']],
    ['Joris Berg', ['joris van den berg']],
    ['Berg', ['joris van den berg']],
    ['Edda', ['edda']],
    ['Tal Quill', []],
    ['Owls', []],
    ['M.', []],
    ['"', []],
    ['authors : * NEAR(', []],
  ])('of %s', async (name, persons) => {
    const { engine } = await searchable(PAPERS);
    const found = await engine.bearers({ name, filter: NONE });
    expect([...found.persons.keys()].sort()).toEqual([...persons].sort());
  });

  it('come with their papers that the filter lets through, and with what texts make of the name', async () => {
    const { engine, store } = await searchable(PAPERS);
    const found = await engine.bearers({ name: 'Quill', filter: parseFilter('year>=2005') });
    expect(found.keys).toEqual([store.findKey('a:2')]);
    expect(found).toMatchObject({ inTexts: 1, isWord: true });
    expect(await engine.bearers({ name: 'Berg', filter: NONE })).toMatchObject({ inTexts: 1, isWord: false });
  });
});

describe('days of publication', () => {
  it('are those of the date, the middle of the year, or unknown; and change with the paper', async () => {
    const dated = paper({ id: 'd:1', date: '1970-01-11', year: 1970 });
    const { engine, store, catchUp } = await searchable([
      dated,
      paper({ id: 'd:2', year: 1971 }),
      paper({ id: 'd:3' }),
    ]);
    const keys = Int32Array.from(['d:1', 'd:2', 'd:3'], (id) => store.findKey(id) ?? 0);
    const unknown = -0x8000_0000;
    expect([...(await engine.days(keys))]).toEqual([10, 365 + 181, unknown]);
    store.ingest([{ source: 'invented', paper: { ...dated, date: '1970-01-21' } }]);
    await catchUp();
    expect([...(await engine.days(keys))]).toEqual([20, 365 + 181, unknown]);
    expect([...(await engine.days(Int32Array.of(4711)))]).toEqual([unknown]);
  });
});
