import { z } from 'zod';
import { cleanText, describe } from './text.ts';

/** Bounds of a record: far above any real paper, low enough that one record cannot swamp the store or the encoder. */
export const MAX_TITLE_CHARS = 2_000;
export const MAX_ABSTRACT_CHARS = 50_000;
export const MAX_AUTHORS = 5_000;
const MAX_ID_CHARS = 1_000;

/** When something was published; the finest that is known. */
export interface When {
  readonly year: number;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
}

type Read<Value> = { readonly value: Value } | { readonly reason: string };

/** A schema from a function that reads one field; `null` and absence are the same to it. */
function field<Value>(read: (raw: unknown) => Read<Value>) {
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

function readText(name: string, maxChars: number, raw: unknown): Read<string | undefined> {
  if (raw === undefined) return { value: undefined };
  if (typeof raw !== 'string') return { reason: `${name} must be text, found ${describe(raw)}` };
  const text = cleanText(raw);
  if (text.length > maxChars) return { reason: `${name} is longer than ${maxChars} characters` };
  return { value: text === '' ? undefined : text };
}

/** Text in its stored form; empty text is absent. */
export function text(name: string, maxChars = Infinity) {
  return field((raw) => readText(name, maxChars, raw));
}

/** Text that must be there. */
export function requiredText(name: string, maxChars: number) {
  return field<string>((raw) => {
    const read = readText(name, maxChars, raw);
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

function isDay(iso: string): boolean {
  const time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
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

function readList(name: string, raw: unknown, split: (text: string) => string[]): Read<string[]> {
  if (raw === undefined) return { value: [] };
  if (typeof raw === 'string')
    return {
      value: split(cleanText(raw))
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
    const clean = cleanText(named);
    if (clean !== '') texts.push(clean);
  }
  return { value: texts };
}

/** Category codes or keywords, each once. One text is split at `;` or `,`; category codes also at blanks. */
export function labels(name: string, separator: RegExp) {
  return field<string[]>((raw) => {
    const read = readList(name, raw, (joined) => joined.split(separator));
    return 'value' in read ? { value: [...new Set(read.value)] } : read;
  });
}

/** Names in their order. Accepts a list of texts, of `{name}` objects, or one text (see `splitAuthors`). */
export function authors(name: string) {
  return field<string[]>((raw) => {
    const read = readList(name, raw, splitAuthors);
    if ('value' in read && read.value.length > MAX_AUTHORS) return { reason: `more than ${MAX_AUTHORS} authors` };
    return read;
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
