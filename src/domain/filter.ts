import { AppError } from '../errors.ts';

export const FILTER_FIELDS = ['year', 'category', 'venue', 'author', 'source', 'id', 'has', 'text', 'title'] as const;
export const HAS_VALUES = [
  'abstract',
  'embedding',
  'doi',
  'arxiv',
  'url',
  'venue',
  'authors',
  'year',
  'keywords',
  'tldr',
  'withdrawn',
] as const;
export type HasValue = (typeof HAS_VALUES)[number];

export interface YearRange {
  readonly kind: 'year';
  readonly from: number;
  readonly to: number;
}

/** A paper passes when any of the values matches. */
export interface AnyOf {
  readonly kind: 'category' | 'venue' | 'author' | 'source' | 'id';
  readonly values: readonly string[];
}

export interface Has {
  readonly kind: 'has';
  readonly value: HasValue;
}

/** A paper passes that says these words side by side and in this order, `title`: in its title, `text`: there or in its abstract. */
export interface Words {
  readonly kind: 'text' | 'title';
  readonly value: string;
}

export interface Not {
  readonly kind: 'not';
  readonly clause: YearRange | AnyOf | Has | Words;
}

export type FilterClause = YearRange | AnyOf | Has | Words | Not;

/** A paper passes a filter when it passes every clause. No clause at all lets everything through. */
export interface Filter {
  readonly clauses: readonly FilterClause[];
}

interface Word {
  readonly text: string;
  readonly column: number;
}

const YEAR_MIN = 0;
const YEAR_MAX = 9999;
/** Longer than any title: what is pasted whole is to be searched for, not to stand word for word in a paper. */
const MAX_WORDS_LENGTH = 500;
/** Each may have to be looked for in every paper's text: at 244,912 papers up to 1.5 s on a busy machine. */
const MAX_WORDS_CLAUSES = 16;

function fail(reason: string, column: number): never {
  throw new AppError('INVALID_FILTER', { reason, column });
}

/** Splits at blanks outside double quotes; a backslash inside quotes escapes the next character. */
function words(expression: string): Word[] {
  const found: Word[] = [];
  let at = 0;
  while (at < expression.length) {
    if (/\s/.test(expression.charAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    let quoteAt = -1;
    for (; at < expression.length; at += 1) {
      const char = expression.charAt(at);
      if (char === '\\' && quoteAt >= 0) at += 1;
      else if (char === '"') quoteAt = quoteAt >= 0 ? -1 : at;
      else if (quoteAt < 0 && /\s/.test(char)) break;
    }
    if (quoteAt >= 0) fail('a quotation mark is opened and not closed', quoteAt + 1);
    found.push({ text: expression.slice(start, at), column: start + 1 });
  }
  return found;
}

function unquote(text: string, column: number): string {
  if (!text.startsWith('"')) {
    if (text.includes('"')) fail('a quotation mark may only open right after the colon', column + text.indexOf('"'));
    return text;
  }
  if (!/^"(?:[^"\\]|\\.)*"$/s.test(text)) fail('text follows the closing quotation mark', column);
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

function yearNumber(text: string, column: number): number {
  if (!/^\d{1,4}$/.test(text)) fail(`"${text}" is not a year`, column);
  return Number(text);
}

function yearRange(operator: string, text: string, column: number): YearRange {
  const span = /^(\d*)\.\.(\d*)$/.exec(text);
  if (span && (operator === ':' || operator === '=')) {
    const from = span[1] ? yearNumber(span[1], column) : YEAR_MIN;
    const to = span[2] ? yearNumber(span[2], column + text.indexOf('..') + 2) : YEAR_MAX;
    if (from > to) fail(`the years run backwards: ${from} is after ${to}`, column);
    return { kind: 'year', from, to };
  }
  const year = yearNumber(text, column);
  if (operator === '<' && year === YEAR_MIN) fail(`there is no year before ${YEAR_MIN}`, column);
  if (operator === '>' && year === YEAR_MAX) fail(`there is no year after ${YEAR_MAX}`, column);
  switch (operator) {
    case '>=':
      return { kind: 'year', from: year, to: YEAR_MAX };
    case '>':
      return { kind: 'year', from: year + 1, to: YEAR_MAX };
    case '<=':
      return { kind: 'year', from: YEAR_MIN, to: year };
    case '<':
      return { kind: 'year', from: YEAR_MIN, to: year - 1 };
    default:
      return { kind: 'year', from: year, to: year };
  }
}

function clauseOf(word: Word): FilterClause {
  const negated = word.text.startsWith('-');
  const body = negated ? word.text.slice(1) : word.text;
  const bodyColumn = word.column + (negated ? 1 : 0);
  const match = /^([A-Za-z]*)(>=|<=|>|<|=|:)?/.exec(body);
  const field = match?.[1]?.toLowerCase() ?? '';
  const operator = match?.[2];
  const known = FILTER_FIELDS.find((name) => name === field);
  if (!known || !operator) {
    if (field && operator) fail(`unknown field "${field}"; fields are ${FILTER_FIELDS.join(', ')}`, bodyColumn);
    fail(`"${body}" is not a condition; write field:value, for example year>=2020 or category:cs.CL`, bodyColumn);
  }
  const valueColumn = bodyColumn + field.length + operator.length;
  const value = unquote(body.slice(field.length + operator.length), valueColumn).trim();
  if (value === '') fail(`${known}${operator} needs a value after it`, valueColumn);
  let clause: Not['clause'];
  if (known === 'year') {
    clause = yearRange(operator, value, valueColumn);
  } else {
    if (operator !== ':' && operator !== '=')
      fail(`${known} takes a colon, not ${operator}`, bodyColumn + field.length);
    if (known === 'has') {
      const has = HAS_VALUES.find((name) => name === value.toLowerCase());
      if (!has) fail(`has: knows ${HAS_VALUES.join(', ')}, not "${value}"`, valueColumn);
      clause = { kind: 'has', value: has };
    } else if (known === 'text' || known === 'title') {
      if (value.length > MAX_WORDS_LENGTH) fail(`${known}: takes at most ${MAX_WORDS_LENGTH} characters`, valueColumn);
      clause = { kind: known, value };
    } else {
      clause = { kind: known, values: [value] };
    }
  }
  return negated ? { kind: 'not', clause } : clause;
}

/**
 * Parses the one filter grammar of the command line, the HTTP API and the browser:
 * `year>=2020 category:cs.CL category:cs.IR -venue:"arXiv" author:"Ada Lovelace" has:abstract`.
 * Conditions on different fields must all hold; repeating a field of which a paper has one or few (category, venue, author,
 * source, id) means any of its values; a leading `-` excludes. Throws INVALID_FILTER with the 1-based column of the mistake.
 */
export function parseFilter(expression: string): Filter {
  const clauses: FilterClause[] = [];
  const anyOf = new Map<string, string[]>();
  let phrases = 0;
  for (const word of words(expression)) {
    const clause = clauseOf(word);
    const { kind } = clause.kind === 'not' ? clause.clause : clause;
    if (kind === 'text' || kind === 'title') phrases += 1;
    if (phrases > MAX_WORDS_CLAUSES) fail(`text and title take at most ${MAX_WORDS_CLAUSES} conditions`, word.column);
    if (!('values' in clause)) {
      clauses.push(clause);
      continue;
    }
    const values = anyOf.get(clause.kind);
    if (values) {
      values.push(...clause.values);
    } else {
      const fresh = [...clause.values];
      anyOf.set(clause.kind, fresh);
      clauses.push({ kind: clause.kind, values: fresh });
    }
  }
  return { clauses };
}

const bare = /^[^\s"\\]+$/;

/** A value as it is written after a colon. */
export function formatFilterValue(value: string): string {
  return bare.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** None of several values is written as each one excluded: a `-` reaches no further than its own condition. */
function formatNot(clause: Not['clause']): string {
  if (!('values' in clause)) return `-${formatClause(clause)}`;
  return clause.values.map((value) => `-${clause.kind}:${formatFilterValue(value)}`).join(' ');
}

function formatClause(clause: FilterClause): string {
  switch (clause.kind) {
    case 'not':
      return formatNot(clause.clause);
    case 'has':
    case 'text':
    case 'title':
      return `${clause.kind}:${formatFilterValue(clause.value)}`;
    case 'year':
      if (clause.from === clause.to) return `year:${clause.from}`;
      if (clause.to === YEAR_MAX) return `year>=${clause.from}`;
      if (clause.from === YEAR_MIN) return `year<=${clause.to}`;
      return `year:${clause.from}..${clause.to}`;
    default:
      return clause.values.map((value) => `${clause.kind}:${formatFilterValue(value)}`).join(' ');
  }
}

/** The filter written out in one normal spelling, e.g. as a cache key. */
export function formatFilter(filter: Filter): string {
  return filter.clauses.map(formatClause).join(' ');
}
