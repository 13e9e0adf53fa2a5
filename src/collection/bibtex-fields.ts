import { type Library, type Options, parse } from '@retorquere/bibtex-parser';
import { copyOf } from './bibtex-entries.ts';
import type { Reason } from './contract.ts';
import { MONTHS } from './dates.ts';
import { excerpt } from './text.ts';

/** An entry as it is written; values are TeX, macros replaced and parts joined. Names are in lower case. */
export interface BibtexEntry {
  readonly type: string;
  readonly key: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Macros of one file. Journals' own lists have a few thousand; one definition made of others must not grow without end. */
const MAX_MACROS = 10_000;
const MAX_MACRO_CHARS = 2_000;
/** Without its values an entry is short; the parser takes quadratic time over thousands of fields. */
const MAX_SKELETON_CHARS = 20_000;
const MAX_VALUES = 500;
/** Macros can make a long text of a short entry. */
const MAX_ENTRY_CHARS = 1024 * 1024;

// The parser turns mathematics into Unicode, and takes 6 ms for an entry with an abstract: ten minutes for the ACL Anthology.
// So it gets the entry with a number in place of each value, takes 60 µs, and TeX is decoded by `fromTex`.
const OPTIONS: Options = {
  raw: true,
  sentenceCase: false,
  applyCrossRef: false,
  verbatimFields: [/./],
};

/** In place of value 7. Letters around it tell it from a number that is written without braces. */
const slot = (at: number): string => `a${at}z`;
const SLOT = /a(\d+)z/g;

/** A batch of papers may keep entries of this length whole. */
const MAX_KEPT_CHARS = 64 * 1024;

interface Skeleton {
  readonly text: string;
  readonly values: string[];
}

/** The offset after the value that begins at `at` with a brace or a quote. Closed at the latest where the text ends. */
function afterValue(text: string, at: number, escapes: boolean): number {
  const quoted = text.charAt(at) === '"';
  let depth = 0;
  for (let here = at + (quoted ? 1 : 0); here < text.length; here += 1) {
    const sign = text.charAt(here);
    if (sign === '\\' && escapes) here += 1;
    else if (sign === '{') depth += 1;
    else if (sign === '}') {
      depth -= 1;
      if (depth === 0 && !quoted) return here + 1;
    } else if (sign === '"' && quoted && depth <= 0) return here + 1;
  }
  return text.length;
}

/** The text with its values taken out, and comments between fields. */
function skeletonOf(body: string, escapes: boolean): Skeleton | Reason {
  const values: string[] = [];
  const kept = body.length > MAX_KEPT_CHARS ? copyOf : (value: string) => value;
  let text = '';
  for (let at = 0; at < body.length;) {
    const sign = body.charAt(at);
    if (sign === '{' || sign === '"') {
      const end = afterValue(body, at, escapes);
      text += `{${slot(values.length)}}`;
      values.push(kept(body.slice(at + 1, end - 1)));
      at = end;
    } else if (sign === '%') {
      const end = body.indexOf('\n', at);
      at = end < 0 ? body.length : end;
    } else {
      const end = body.slice(at + 1).search(/[{"%]/);
      const next = end < 0 ? body.length : at + 1 + end;
      text += body.slice(at, next);
      at = next;
    }
    if (values.length > MAX_VALUES) return { reason: `the entry has more than ${MAX_VALUES} fields` };
    if (text.length > MAX_SKELETON_CHARS) return { reason: 'the entry is not made of fields' };
  }
  // Where a comma was forgotten after a value, the next field can begin nowhere else.
  return { text: text.replace(/\}(\s+)(?=[a-zA-Z][\w-]*\s*=)/g, '},$1'), values };
}

/** An entry stays half read among the entries when its rest is an error. The name of an unknown macro counts as its text. */
function failures(errors: Library['errors']): string[] {
  return errors.map(({ error }) => error).filter((error) => !error.startsWith('Unresolved @string reference'));
}

/** What the parser says, about what the file says. */
function reasonIn(error = 'nothing is defined'): string {
  const bare = error.replace(/ at line \d+, column \d+(?: in "\w+")?$/, '').replace(SLOT, '…');
  return `not BibTeX: ${excerpt(bare, 160)}`;
}

/** Keywords come as a list. */
function textOf(raw: unknown): string {
  if (Array.isArray(raw)) return raw.filter((part) => typeof part === 'string').join(', ');
  return typeof raw === 'string' ? raw : '';
}

/** The value that was meant; `undefined` where macros make it longer than an entry may be. */
function filled(raw: string, { values }: Skeleton): string | undefined {
  const valueAt = (at: string): string => values[Number(at)] ?? '';
  let chars = 0;
  for (const [, at = ''] of raw.matchAll(SLOT)) chars += valueAt(at).length;
  return chars > MAX_ENTRY_CHARS ? undefined : raw.replace(SLOT, (_, at: string) => valueAt(at));
}

const HEADER = /^\s*@\s*([a-zA-Z]+)\s*[{(]/;
const KEY = /^([^,={}"]*)(?:,|$)/;

/** Reads the entries of one file, keeping its `@string` macros. */
export class BibtexReader {
  /** By name in upper case. Months as names: the parser's numbers for them could not be told from days (`jan # "~9"`). */
  private readonly macros = new Map(MONTHS.map((month) => [month.toUpperCase(), month]));

  /** The entry; `undefined` for what is none (`@string`, `@comment`, `@preamble`); a reason for what cannot be read. */
  read(text: string, escapes: boolean): BibtexEntry | Reason | undefined {
    const [header = '', name = ''] = HEADER.exec(text) ?? [];
    const type = name.toLowerCase();
    if (type === 'comment' || type === 'preamble') return undefined;
    const whole = text.slice(header.length, -1);
    if (type === 'string') return this.define(whole, escapes);
    // Keys hold what the parser takes for no key: blanks, brackets, `@`.
    const [opening = '', key = ''] = KEY.exec(whole) ?? [];
    const skeleton = skeletonOf(whole.slice(opening.length), escapes);
    if ('reason' in skeleton) return skeleton;
    const { entries, errors } = this.parse(`@${type}{k,${skeleton.text}}`, skeleton);
    const [entry] = entries;
    const [error] = failures(errors);
    if (!entry || error) return { reason: reasonIn(error) };
    const fields = new Map<string, string>();
    for (const [field, raw] of Object.entries(entry.fields)) {
      const value = filled(textOf(raw), skeleton);
      if (value === undefined) return { field, reason: `${field} is longer than ${MAX_ENTRY_CHARS} characters` };
      fields.set(field, value);
    }
    return { type, key: key.trim(), fields };
  }

  /** Parses with the macros that the text names; each is one value more. */
  private parse(text: string, { values }: Skeleton): Library {
    const strings: Record<string, string> = {};
    for (const [, name = ''] of text.matchAll(/[=#]\s*([^\s\d,#{}=][^\s,#{}=]*)/g)) {
      const value = this.macros.get(name.toUpperCase());
      if (value === undefined) continue;
      strings[name] = slot(values.length);
      values.push(value);
    }
    return parse(text, { ...OPTIONS, strings });
  }

  private define(body: string, escapes: boolean): Reason | undefined {
    const skeleton = skeletonOf(body, escapes);
    if ('reason' in skeleton) return skeleton;
    const { strings, errors } = this.parse(`@string{${skeleton.text}}`, skeleton);
    const [definition] = Object.entries(strings);
    const [error] = failures(errors);
    if (!definition || error) return { reason: reasonIn(error) };
    const [name, raw] = definition;
    const value = filled(raw, skeleton);
    if (value === undefined || value.length > MAX_MACRO_CHARS)
      return { reason: `the @string ${name} is longer than ${MAX_MACRO_CHARS} characters` };
    if (this.macros.size >= MAX_MACROS && !this.macros.has(name))
      return { reason: `more than ${MAX_MACROS} @string definitions` };
    this.macros.set(name, copyOf(value));
    return undefined;
  }
}
