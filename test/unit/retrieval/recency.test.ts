import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNDATED } from '../../../src/engine/mod.ts';
import { recencyPrior } from '../../../src/retrieval/recency.ts';

const YEAR = 365;
const TODAY = 20_000;

describe('the prior of a paper’s age', () => {
  it('falls from 1 with age, and never below .63', () => {
    const ages = [0, 1, 2, 5, 60].map((years) => TODAY - years * YEAR);
    const priors = [...recencyPrior(Int32Array.from(ages), TODAY)];
    expect(priors[0]).toBe(1);
    expect(priors).toEqual([...priors].sort((a, b) => b - a));
    expect(priors[2]).toBeCloseTo(Math.cbrt(0.625));
    expect(priors[4]).toBeCloseTo(Math.cbrt(0.25));
  });

  it('is the same for an archive that ended long ago', () => {
    const days = Int32Array.from([0, 400, 900, 3000], (age) => TODAY - age);
    expect([
      ...recencyPrior(
        days.map((day) => day - 18_000),
        TODAY,
      ),
    ]).toEqual([...recencyPrior(days, TODAY)]);
  });

  it('is not thrown off by a few papers dated wrong, nor by the future', () => {
    const days = Int32Array.from({ length: 300 }, (_, i) => TODAY - 5000 - i * 20);
    const wrong = Int32Array.from(days);
    wrong[0] = TODAY - 10;
    expect(recencyPrior(wrong, TODAY)[2]).toBeGreaterThan(0.9);
    expect([...recencyPrior(Int32Array.of(TODAY + 5000, TODAY), TODAY)]).toEqual([1, 1]);
  });

  it('takes a paper without a date for one of middling age', () => {
    const priors = recencyPrior(Int32Array.of(TODAY, UNDATED, TODAY - 700, TODAY - 9000), TODAY);
    expect(priors[1]).toBe(priors[2]);
    expect([...recencyPrior(Int32Array.of(UNDATED, UNDATED), TODAY)]).toEqual([1, 1]);
    expect(recencyPrior(new Int32Array(0), TODAY)).toHaveLength(0);
  });

  it('is in (0, 1] and keeps the order of dates, whatever they are', () => {
    const day = fc.oneof(fc.integer({ min: -800_000, max: 800_000 }), fc.constant(UNDATED));
    fc.assert(
      fc.property(fc.array(day, { maxLength: 300 }), (list) => {
        const priors = recencyPrior(Int32Array.from(list), TODAY);
        for (const prior of priors) expect(prior > 0 && prior <= 1).toBe(true);
        const dated = list.flatMap((at, i) => (at === UNDATED ? [] : [{ at, prior: priors[i] ?? 0 }]));
        dated.sort((a, b) => a.at - b.at);
        for (const [i, { prior }] of dated.entries()) expect(prior).toBeGreaterThanOrEqual(dated[i - 1]?.prior ?? 0);
      }),
    );
  });
});
