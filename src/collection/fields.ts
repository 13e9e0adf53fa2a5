import { z } from 'zod';
import { isDay, type Paper } from '../domain/mod.ts';
import type { Reason } from './contract.ts';
import { cleanText, describe } from './text.ts';

/** Bounds of a record: far above any real paper, low enough that one record cannot swamp the store or the encoder. */
export const MAX_TITLE_CHARS = 2_000;
export const MAX_ABSTRACT_CHARS = 50_000;
export const MAX_AUTHORS = 5_000;
/** Of a venue, a comment, a summary, an address. */
export const MAX_TEXT_CHARS = 10_000;
const MAX_LABELS = 5_000;
/** Of an author's name, a keyword, a category. */
const MAX_NAME_CHARS = 1_000;
const MAX_ID_CHARS = 1_000;

/** When something was published; the finest that is known. */
export interface When {
  readonly year: number;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
}

/** Everything that a schema of these fields found wrong, and the first field to blame. */
export function reasonFrom(error: z.ZodError): Reason {
  const field = error.issues[0]?.path[0];
  const reason = error.issues.map((issue) => issue.message).join('; ');
  return typeof field === 'string' ? { field, reason } : { reason };
}

/** A reader of records: checked by a schema of these fields, then made a paper. */
export function checkedBy<Schema extends z.ZodType>(
  schema: Schema,
  paperFrom: (record: z.output<Schema>) => Paper | Reason,
): (record: unknown) => Paper | Reason {
  return (record) => {
    const read = schema.safeParse(record);
    return read.success ? paperFrom(read.data) : reasonFrom(read.error);
  };
}

/** A field's value, or why it has none. */
export type Read<Value> = { readonly value: Value } | { readonly reason: string };

/** A schema from a function that reads one field; `null` and absence are the same to it. */
export function field<Value>(read: (raw: unknown) => Read<Value>) {
  return z
    .unknown()
    .optional()
    .transform((raw, context) => {
      const result = read(raw ?? undefined);
      if ('value' in result) return result.value;
      context.issues.push({ code: 'custom', message: result.reason, input: raw });
      return z.NEVER;
    });
}

/** From the markup of a source to plain text, e.g. `fromHtml`. */
export type Decode = (text: string) => string;

const asItIs: Decode = (text) => text;
/** Markup takes room that plain text does not; only a text far over its limit is refused before it is decoded. */
const MARKUP_ALLOWANCE = 4;

function readText(name: string, maxChars: number, decode: Decode, raw: unknown): Read<string | undefined> {
  if (raw === undefined) return { value: undefined };
  if (typeof raw !== 'string') return { reason: `${name} must be text, found ${describe(raw)}` };
  const text = raw.length > maxChars * MARKUP_ALLOWANCE ? raw : cleanText(decode(raw));
  if (text.length > maxChars) return { reason: `${name} is longer than ${maxChars} characters` };
  return { value: text === '' ? undefined : text };
}

/** Text in its stored form; empty text is absent. */
export function text(name: string, maxChars = MAX_TEXT_CHARS, decode = asItIs) {
  return field((raw) => readText(name, maxChars, decode, raw));
}

/** Text that must be there. */
export function requiredText(name: string, maxChars: number, decode = asItIs) {
  return field<string>((raw) => {
    const read = readText(name, maxChars, decode, raw);
    if ('reason' in read) return read;
    if (read.value !== undefined) return { value: read.value };
    return { reason: raw === undefined ? `${name} is missing` : `${name} is empty` };
  });
}

/**
 * An id, numbers as text. Kept as given but for white space at its ends: judgements refer to papers by it. What cannot be
 * shown or typed again (control characters, lone surrogates) is refused.
 */
export function identifier(name: string) {
  return field<string | undefined>((raw) => {
    const given = typeof raw === 'number' ? String(raw) : raw;
    if (given === undefined) return { value: undefined };
    if (typeof given !== 'string') return { reason: `${name} must be text, found ${describe(raw)}` };
    const id = given.trim();
    if (id.length > MAX_ID_CHARS) return { reason: `${name} is longer than ${MAX_ID_CHARS} characters` };
    if (/[\p{Cc}\p{Cs}]/u.test(id)) return { reason: `${name} holds control characters: ${describe(raw)}` };
    return { value: id === '' ? undefined : id };
  });
}

function readYear(name: string, raw: unknown): Read<number | undefined> {
  const given = typeof raw === 'string' ? raw.trim() : raw;
  if (given === undefined || given === '') return { value: undefined };
  const year = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  if (typeof year !== 'number' || !Number.isInteger(year))
    return { reason: `${name} must be a number, found ${describe(raw)}` };
  if (year < 1000 || year > 2999) return { reason: `${name} must be between 1000 and 2999, found ${year}` };
  return { value: year };
}

export function year(name: string) {
  return field((raw) => readYear(name, raw));
}

/** `YYYY-MM-DD` (a time after it is ignored); `YYYY-MM` and `YYYY` tell the year only. */
export function day(name: string) {
  return field<When | undefined>((raw) => {
    const given = typeof raw === 'number' ? String(raw) : raw;
    if (given === undefined || given === '') return { value: undefined };
    const match = typeof given === 'string' ? /^\s*(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?\s*$/s.exec(given) : null;
    if (!match?.[1]) return { reason: `${name} must be a day as YYYY-MM-DD, found ${describe(raw)}` };
    const found = readYear(name, match[1]);
    if ('reason' in found || found.value === undefined) return { reason: `${name} has the year ${match[1]}` };
    const month = match[2] ?? '01';
    const iso = `${match[1]}-${month}-${match[3] ?? '01'}`;
    if (!isDay(iso)) return { reason: `${name} is no day of the calendar: ${describe(raw)}` };
    return { value: { year: found.value, ...(match[3] ? { date: iso } : {}) } };
  });
}

/** A count; a negative number is how some collections write that they do not know. */
export function count(name: string) {
  return field((raw) => {
    const given = typeof raw === 'string' && /^\s*-?\d+\s*$/.test(raw) ? Number(raw) : raw;
    if (given === undefined || given === '') return { value: undefined };
    if (typeof given !== 'number' || !Number.isSafeInteger(given))
      return { reason: `${name} must be a whole number, found ${describe(raw)}` };
    return { value: given < 0 ? undefined : given };
  });
}

/** Whether something is so; absent, `null` and empty text say no. */
export function flag(name: string) {
  return field<boolean>((raw) => {
    if (raw === true || raw === 'true') return { value: true };
    if (raw === undefined || raw === false || raw === 'false' || raw === '') return { value: false };
    return { reason: `${name} must be true or false, found ${describe(raw)}` };
  });
}

/** One text is decoded before it is split: an entity holds a `;`. */
function boundedList(name: string, texts: string[], most: number): Read<string[]> {
  if (texts.length > most) return { reason: `${name} has more than ${most} entries` };
  if (texts.some((text) => text.length > MAX_NAME_CHARS))
    return { reason: `${name} has an entry longer than ${MAX_NAME_CHARS} characters` };
  return { value: texts };
}

function readList(name: string, raw: unknown, split: (text: string) => string[], decode: Decode): Read<string[]> {
  if (raw === undefined) return { value: [] };
  if (typeof raw === 'string')
    return {
      value: split(cleanText(decode(raw)))
        .map((part) => part.trim())
        .filter(Boolean),
    };
  if (!Array.isArray(raw)) return { reason: `${name} must be a list, found ${describe(raw)}` };
  const entries: readonly unknown[] = raw;
  const texts: string[] = [];
  for (const entry of entries) {
    if (entry === null) continue;
    const named = typeof entry === 'object' && 'name' in entry ? entry.name : entry;
    if (typeof named !== 'string') return { reason: `${name} must hold texts, found ${describe(named)}` };
    const clean = cleanText(decode(named));
    if (clean !== '') texts.push(clean);
  }
  return { value: texts };
}

/** Category codes or keywords, each once. One text is split at `;` or `,`; category codes also at blanks. */
export function labels(name: string, separator: RegExp, decode = asItIs) {
  return field<string[]>((raw) => {
    const read = readList(name, raw, (joined) => joined.split(separator), decode);
    return 'value' in read ? boundedList(name, [...new Set(read.value)], MAX_LABELS) : read;
  });
}

/** Names in their order. Accepts a list of texts, of `{name}` objects, or one text (see `splitAuthors`). */
export function authors(name: string, decode = asItIs) {
  return field<string[]>((raw) => {
    const read = readList(name, raw, splitAuthors, decode);
    return 'value' in read ? boundedList(name, read.value, MAX_AUTHORS) : read;
  });
}

/**
 * `A; B`, `A and B`, `A, B and C`; a comma inside `Last, First` does not split. Commas separate authors only where every
 * piece between them has at least two words, for a family name in front of its comma seldom has.
 */
export function splitAuthors(joined: string): string[] {
  if (joined.includes(';')) return joined.split(';');
  return joined.split(/,?\s+(?:and|&)\s+/u).flatMap((part) => {
    const pieces = part.split(/\s*,\s*/).filter(Boolean);
    return pieces.every((piece) => piece.includes(' ')) ? pieces : [part];
  });
}
