import { cleanText } from '../../src/collection/text.ts';
import type { Reading } from '../../src/collection/mod.ts';
import { formatPaperId, parsePaperId, type Paper } from '../../src/domain/mod.ts';

const isClean = (text: string): boolean => text !== '' && cleanText(text) === text && !/[\p{Cc}\p{Cs}]/u.test(text);
const isCount = (value: number | undefined): boolean =>
  value === undefined || (Number.isSafeInteger(value) && value >= 0);
const isId = (id: string): boolean =>
  id.trim() !== '' && !/[\p{Cc}\p{Cs}]/u.test(id) && formatPaperId(parsePaperId(id)) === id;

function isDay(date: string | undefined): boolean {
  if (date === undefined) return true;
  const time = Date.parse(`${date}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

/** Everything about a paper that no reader may yield. */
function faultsOf(paper: Paper): string[] {
  const { title, abstract, authors, categories, keywords, year, date, venue, tldr, comment, url } = paper;
  const texts = { venue, tldr, comment };
  const checks: readonly (readonly [string, boolean])[] = [
    ['id', isId(paper.id)],
    ['ids', Object.values(paper.ids).every((id) => id !== undefined && isClean(id))],
    ['aliases', (paper.aliases ?? []).every(isId)],
    ['title', isClean(title) && title.length <= 2_000],
    ['abstract', abstract === '' || (isClean(abstract) && abstract.length <= 50_000)],
    ['authors', authors.every(isClean) && authors.length <= 5_000],
    ['categories', categories.every(isClean)],
    ['keywords', keywords.every(isClean)],
    ['year', year === undefined || (Number.isInteger(year) && year >= 1000 && year <= 2999)],
    ['date', isDay(date)],
    ['url', url === undefined || /^https?:\/\//i.test(url)],
    ['counts', [paper.citations, paper.upvotes, paper.version].every(isCount)],
    ['versions', (paper.versions ?? []).every(({ number, date }) => number >= 1 && isCount(number) && isDay(date))],
    ...Object.entries(texts).map(([name, text]) => [name, text === undefined || isClean(text)] as const),
    ['absence', Object.values(paper).every((value) => value !== undefined)],
  ];
  return checks.filter(([, holds]) => !holds).map(([name]) => `${name} of ${JSON.stringify(paper).slice(0, 500)}`);
}

/** Everything about a reading that no reader may yield. */
export function faultsIn(reading: Reading): string[] {
  const { file, line } = reading;
  const faults = Number.isInteger(line) && line >= 1 ? [] : [`line ${line} of ${file}`];
  if (reading.kind === 'paper') return [...faults, ...faultsOf(reading.paper)];
  if (reading.kind === 'withdrawn') return isClean(reading.id) ? faults : [...faults, `withdrawn ${reading.id}`];
  const { reason, field } = reading;
  const isShort = reason.length <= 1_000;
  if (!isClean(reason) || !isShort) faults.push(`reason ${JSON.stringify(reason).slice(0, 200)}`);
  if (field !== undefined && !isClean(field)) faults.push(`field ${field}`);
  return faults;
}
