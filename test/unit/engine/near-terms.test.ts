import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearInAny, nearInSorted, oneEditFrom, twoEditsAtMost } from '../../../src/engine/embedded/near-terms.ts';

/** Optimal string alignment, written down plainly. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const at = (x: number, y: number): number => rows[x]?.[y] ?? Infinity;
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && i > 1 && j > 1 ? at(i - 2, j - 2) + 1 : Infinity;
      (rows[i] ?? [])[j] = Math.min(changed, at(i - 1, j) + 1, at(i, j - 1) + 1, swapped);
    }
  }
  return rows[a.length]?.[b.length] ?? Infinity;
}

const word = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: min, maxLength: max }).map((letters) => letters.join(''));

describe('words one edit away', () => {
  it('are all of those, and no others', () => {
    fc.assert(
      fc.property(word(1, 7), (from) => {
        const edited = oneEditFrom(from);
        for (const to of edited) expect([to, distance(from, to)]).toEqual([to, 1]);
        // 25 letters for each, 26 before each and at the end but for those that repeat a neighbour, one left out or swapped.
        expect(edited.size).toBeGreaterThanOrEqual(51 * from.length);
      }),
    );
    const edited = [...oneEditFrom('owls')];
    for (const to of ['owl', 'owlsa', 'bowls', 'ows', 'olws', 'awls', 'owns']) expect(edited).toContain(to);
    expect(edited).not.toContain('owls');
  });
});

describe('terms two edits away', () => {
  it('are the same in a sorted list, in any list, and by comparing a word with each', () => {
    fc.assert(
      fc.property(word(4, 10), fc.uniqueArray(word(1, 12), { maxLength: 60 }), (typed, list) => {
        const terms = [...list].sort();
        const found = (numbers: readonly number[], from: readonly string[]): string[] =>
          numbers.map((number) => from[number] ?? '').sort();
        const sorted = found(nearInSorted(terms, typed), terms);
        const inAnyOrder = [...list].reverse();
        expect(found(nearInAny(inAnyOrder, typed), inAnyOrder)).toEqual(sorted);
        // A term stands for the whole word or, as a stem does, for a beginning of it.
        const ending = Math.min(7, typed.length - 4);
        const beginnings = Array.from({ length: ending + 1 }, (_, i) => typed.slice(0, typed.length - i));
        const near = terms.filter(
          (term) =>
            term.length >= Math.max(3, typed.length - ending - 2) &&
            term.startsWith(typed.charAt(0)) &&
            beginnings.some((beginning) => distance(beginning, term) <= 2),
        );
        expect(sorted).toEqual(near);
        expect(twoEditsAtMost(typed, terms)).toEqual(terms.filter((term) => distance(typed, term) <= 2));
      }),
    );
  });
});
