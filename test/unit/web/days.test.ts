import { describe, expect, it } from 'vitest';
import { besideText, dayText, daysText, whenText } from '../../../src/web/days.ts';
import { countText } from '../../../src/web/numbers.ts';

describe('days as the pages write them', () => {
  it('are the same day in every zone, and stay as they are where they are none', () => {
    expect(dayText('2017-06-12')).toBe('12 June 2017');
    expect(dayText('Spring 2017')).toBe('Spring 2017');
  });

  it('say month and year of a period as often as they differ', () => {
    expect(daysText('2025-05-13', '2025-05-13')).toBe('13 May 2025');
    expect(daysText('2025-05-07', '2025-05-13')).toBe('7 – 13 May 2025');
    expect(daysText('2025-04-28', '2025-05-04')).toBe('28 April – 4 May 2025');
    expect(daysText('2024-12-29', '2025-01-04')).toBe('29 December 2024 – 4 January 2025');
  });

  it('leave the year away beside a day of the same', () => {
    expect(besideText('2025-05-09', '2025-05-13')).toBe('9 May');
    expect(besideText('2024-12-31', '2025-01-01')).toBe('31 Dec 2024');
  });

  it('are said with the time while they are near', () => {
    const now = new Date(2025, 4, 13, 12, 0);
    const at = (day: number): string => new Date(2025, 4, day, 7, 5).toISOString();
    expect([12, 13, 14, 15].map((day) => whenText(at(day), now))).toEqual([
      'yesterday, 07:05',
      'today, 07:05',
      'tomorrow, 07:05',
      '15 May 2025',
    ]);
  });
});

it('counts are grouped by thousands', () => {
  expect([0, 999, 1000, 244_912, 1_000_000].map(countText)).toEqual(['0', '999', '1,000', '244,912', '1,000,000']);
});
