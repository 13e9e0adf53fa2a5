import { describe, expect, it, onTestFinished } from 'vitest';
import { replayHistory } from '../../../src/evaluation/history.ts';
import { dayOf, mondayOf, weekName, weekOf } from '../../../src/evaluation/weeks.ts';
import { People } from '../../../src/store/mod.ts';
import { onTopics } from '../../support/on-topics.ts';

const { signal } = new AbortController();
const DAY_MS = 86_400_000;
/** Of week 2 of 2026, a Monday. */
const START = Date.parse('2026-01-05T00:00:00Z');
const at = (day: number): string => new Date(START + day * DAY_MS).toISOString();

/** Sixty papers on three topics in turn, twenty of them in each of three weeks, one after the other. */
async function history() {
  const dateOf = (paper: number): string => at(7 * Math.floor(paper / 20) + 0.3 * (paper % 20)).slice(0, 10);
  const { engine, store, workspace } = await onTopics({ dateOf });
  const people = People.open(workspace);
  onTestFinished(() => people.close());
  const signals = people.signals(people.person());
  const lasting = (id: string): string => store.lastingId(store.findKey(id) ?? -1) ?? '';
  return {
    save: (ids: readonly string[], day: number) => signals.save(ids.map(lasting), { savedAt: at(day) }),
    replay: (k: number) => replayHistory({ engine, store, signals }, { k, signal }),
  };
}

describe('a person’s own history', () => {
  it('is replayed week by week, with what was known before', async () => {
    const { save, replay } = await history();
    save(['P0', 'P3', 'P6'], 6);
    // Of the second week, the first of them saved in the third: wanted all the same.
    save(['P21', 'P24', 'P27'], 9);
    save(['P30'], 15);
    save(['P42', 'P45'], 16);
    const { weeks, saved, shown, why } = await replay(8);
    expect(why).toBeNull();
    expect(weeks.map(({ week, known, candidates, saved: wanted }) => [week, known, candidates, wanted])).toEqual([
      ['2026-W03', 3, 20, 4],
      // What was saved in a week is a candidate of it, whenever it came out.
      ['2026-W04', 6, 21, 3],
    ]);
    expect(saved).toBe(7);
    expect(shown?.feed).toBe(1);
    expect(shown?.centroid).toBe(1);
    expect(shown?.newest).toBeLessThan(0.5);
  });

  it('says what is missing where there is too little', async () => {
    const { save, replay } = await history();
    expect(await replay(8)).toMatchObject({
      shown: null,
      weeks: [],
      why: expect.stringMatching(/^there is too little history: 0 papers .* 0 weeks/),
    });
    save(['P0', 'P3', 'P6', 'P9', 'P12'], 3);
    expect((await replay(8)).why).toMatch(/5 papers .* in 1 week, and it takes 5 in 2 weeks/);
    save(['P21'], 9);
    expect((await replay(8)).shown).not.toBeNull();
    // Every order shows twenty papers of twenty.
    expect(await replay(20)).toMatchObject({ shown: null, why: expect.stringContaining('no week tells anything') });
  });
});

describe('weeks', () => {
  it('begin on Mondays and are named by ISO 8601', () => {
    const nameOf = (day: string): string => weekName(weekOf(dayOf(`${day}T12:00:00Z`)));
    expect(nameOf('2026-01-05')).toBe('2026-W02');
    expect(nameOf('2026-01-04')).toBe('2026-W01');
    expect(nameOf('2027-01-03')).toBe('2026-W53');
    expect(nameOf('2024-12-30')).toBe('2025-W01');
    expect(nameOf('1969-12-28')).toBe('1969-W52');
    expect(mondayOf(weekOf(dayOf('2026-11-29T23:59:59Z')))).toBe(dayOf('2026-11-23T00:00:00Z'));
  });
});
