import { isDay } from '../domain/mod.ts';
import type { Read, When } from './fields.ts';
import { cleanText, describe } from './text.ts';

export const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = String.raw`(?<month>${MONTHS.join('|')})[a-z]*\.?`;
const DAY = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?<year>[12]\d{3})(?!\d)`;

/** Days as people write them. `05/06/2020` is not among them: it is another day in another country. */
const DAYS: readonly RegExp[] = [
  /^(?<year>[12]\d{3})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)/,
  /^(?<year>[12]\d{3})(?<month>\d\d)(?<day>\d\d)$/,
  // 2 Apr 2007, Mon, 2 Apr 2007 19:18:42 GMT
  new RegExp(String.raw`(?<!\d)${DAY}[\s.-]+${MONTH}[\s,-]+${YEAR}`, 'i'),
  // April 2nd, 2007
  new RegExp(String.raw`\b${MONTH}\s+${DAY},?\s+${YEAR}`, 'i'),
  // 2007 Apr 2
  new RegExp(String.raw`^${YEAR}\s+${MONTH}\s+${DAY}(?!\d)`, 'i'),
];
const ANY_YEAR = /(?<!\d)[12]\d{3}(?!\d)/;
/** The longest date that says something is far shorter. */
const MAX_CHARS = 200;

function dayIn(text: string): string | undefined {
  for (const pattern of DAYS) {
    const { year, month, day } = pattern.exec(text)?.groups ?? {};
    if (!year || !month || !day) continue;
    const number = /\d/.test(month) ? Number(month) : MONTHS.indexOf(month.toLowerCase()) + 1;
    const iso = `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (isDay(iso)) return iso;
  }
  return undefined;
}

/**
 * A date as people write it: `2020-05-03`, `3 May 2020`, `May 3, 2020`, `2020/05/03`, RFC 822; the year alone where no day is
 * told. A text without digits ("in press") tells no date; one with digits must tell a year.
 */
export function readLooseDay(name: string, raw: unknown): Read<When | undefined> {
  const given = typeof raw === 'number' ? String(raw) : raw;
  if (given === undefined) return { value: undefined };
  if (typeof given !== 'string') return { reason: `${name} must be a date, found ${describe(raw)}` };
  const text = cleanText(given.slice(0, MAX_CHARS));
  const date = dayIn(text);
  if (date) return { value: { year: Number(date.slice(0, 4)), date } };
  const year = ANY_YEAR.exec(text)?.[0];
  if (year) return { value: { year: Number(year) } };
  return /\d/.test(text) ? { reason: `${name} must be a date, found ${describe(raw)}` } : { value: undefined };
}
