import { describe, expect, it } from 'vitest';
import type { FeedbackKind, FeedItem, Fewer } from '../../../src/domain/mod.ts';
import { goneFrom, groupsOf, type Said } from '../../../src/web/feed-groups.ts';
import { paper } from '../server/serving.ts';

const HIDES: Omit<Fewer, 'others'> = { action: 'hide-author', value: 'Ada Holm', says: '', items: 2 };

function item(id: string, said: Partial<FeedItem> = {}): FeedItem {
  return {
    ...{ rank: 1, score: 1, paper: paper(id), evidence: null, because: [], interest: null },
    ...{ exploration: false, isNew: false, duplicates: [], fewer: [], ...said },
  };
}

const nothingSaid: Said = { feedbackOn: () => undefined, profile: { hidden: [], interests: [] } };
const feedback =
  (told: Readonly<Record<string, FeedbackKind>>): Said['feedbackOn'] =>
  (id) =>
    told[id];
const hiding = (value: string): Said['profile'] => ({
  ...{ hidden: [{ kind: 'author', value, at: '' }], interests: [] },
});

describe('a page of a feed', () => {
  it('is shown by interests, in the order of the best of each, with exploration last', () => {
    const owls = { id: 1, name: 'owls' };
    const mice = { id: 2, name: 'mice' };
    const groups = groupsOf([
      item('a', { interest: mice }),
      item('b', { exploration: true }),
      item('c', { interest: owls }),
      item('d', { interest: mice }),
      item('e'),
    ]);
    expect(groups.map(({ kind, interest, items }) => [kind, interest?.name, items.map((one) => one.paper.id)])).toEqual(
      [
        ['interest', 'mice', ['a', 'd']],
        ['interest', 'owls', ['c']],
        ['other', undefined, ['e']],
        ['exploration', undefined, ['b']],
      ],
    );
  });
});

describe('what was said since a feed was made', () => {
  const items = [
    item('a', { fewer: [{ ...HIDES, others: ['c'] }] }),
    item('b'),
    item('c', { fewer: [{ ...HIDES, others: ['a'] }] }),
  ];

  it('takes nothing away while nothing is said', () => {
    expect(goneFrom(items, nothingSaid, new Map()).size).toBe(0);
  });

  it('takes all that goes with it, and leaves a line where it was said', () => {
    const said = { ...nothingSaid, profile: hiding('Ada Holm') };
    const first = goneFrom(items, said, new Map());
    expect([...first].map(([id, { place, items: count }]) => [id, place, count])).toEqual([
      ['a', 'line', 2],
      ['c', 'nothing', 2],
    ]);
    const there = goneFrom(items, said, new Map([['hide-author Ada Holm', 'c']]));
    expect([there.get('a')?.place, there.get('c')?.place]).toEqual(['nothing', 'line']);
    expect(goneFrom(items, { ...nothingSaid, profile: hiding('Bo Lind') }, new Map()).size).toBe(0);
  });

  it('keeps the line of each of several things that were said', () => {
    const fewer = (id: string, others: readonly string[]): FeedItem =>
      item(id, {
        fewer: [
          { action: 'not-this-paper', value: id, says: '', items: 1, others: [] },
          { action: 'not-this-kind', value: id, says: '', items: 1 + others.length, others },
        ],
      });
    const both = [fewer('a', ['b', 'c']), fewer('b', ['a']), fewer('c', [])];
    const said = { ...nothingSaid, feedbackOn: feedback({ a: 'not-this-kind', b: 'not-this-paper' }) };
    const gone = goneFrom(both, said, new Map());
    expect([...gone].map(([id, { place }]) => [id, place])).toEqual([
      ['a', 'line'],
      ['b', 'line'],
      ['c', 'nothing'],
    ]);
  });

  it('follows a muted interest, and a like takes nothing away', () => {
    const interest = { id: 7, name: 'owls' };
    const mute: Fewer = { action: 'mute-interest', value: '7', says: '', items: 1, others: [] };
    const owl = item('a', { interest, fewer: [mute] });
    expect(
      goneFrom([owl], { ...nothingSaid, profile: { hidden: [], interests: [{ id: 7, muted: true }] } }, new Map()).size,
    ).toBe(1);
    expect(goneFrom([owl], { ...nothingSaid, feedbackOn: feedback({ a: 'like' }) }, new Map()).size).toBe(0);
  });
});
