import { type Paper, parsePaperId } from '../domain/mod.ts';
import type { Content, Format, Line, Reading, Reason } from './contract.ts';
import { uninverted } from './inverted-names.ts';
import { isObject } from './json-records.ts';
import { readLines, tooLong } from './lines.ts';
import { fromHtml } from './markup.ts';
import { idsInNote, plain, publishedOn, readOwn } from './own-paper.ts';
import { cleanText, excerpt } from './text.ts';

// Not read with @citation-js/plugin-ris: it wants the whole file as one text, fails on a tag before the first record, cuts
// values at a second `  - `, joins a list of authors when a line goes on, and keeps one address of several.

/** Values by tag, in the order of the record. */
type Tags = ReadonlyMap<string, readonly string[]>;

/** The standard has two blanks before the dash; some programs write one. */
const TAG = /^\s?([A-Z][A-Z0-9]) {1,2}-(?: (.*)|)$/s;
const MARK = 'Paperkin';
const JSON_MARK = 'paperkin: ';

type RisRecord = { readonly line: number } & ({ readonly tags: Tags } | { readonly reason: string });

/** Gathers lines into records, one of them in memory. */
class Gatherer {
  private readonly maxChars: number;
  private readonly tags = new Map<string, string[]>();
  private line: number | undefined;
  private chars = 0;
  private last = '';

  constructor(maxChars: number) {
    this.maxChars = maxChars;
  }

  /** The record that this line ends. */
  add(line: Line): RisRecord | undefined {
    if ('tooLong' in line) {
      if (this.line === undefined) return { line: line.number, reason: tooLong(line.limitBytes) };
      this.chars = Infinity;
      return undefined;
    }
    const [, tag, value = ''] = TAG.exec(line.text) ?? [];
    if (tag === 'TY') {
      // Without its `ER`, a record ends where the next begins.
      const before = this.take();
      this.line = line.number;
      this.keep(tag, value);
      return before;
    }
    if (this.line === undefined) return undefined;
    if (tag === 'ER') return this.take();
    if (tag === undefined) this.goOn(line.text);
    else this.keep(tag, value);
    return undefined;
  }

  /** What is left at the end of the file may be cut off. */
  finish(): RisRecord | undefined {
    const { line } = this;
    return line === undefined ? undefined : { line, reason: 'the record has no end: there is no ER' };
  }

  private keep(tag: string, value: string): void {
    if (!this.takes(value)) return;
    this.last = tag;
    const values = this.tags.get(tag);
    if (values) values.push(value);
    else this.tags.set(tag, [value]);
  }

  private goOn(text: string): void {
    const values = this.tags.get(this.last);
    if (values && this.takes(text)) values.push(`${values.pop() ?? ''} ${text}`);
  }

  /** Past the limit only the fact is kept. */
  private takes(text: string): boolean {
    this.chars += text.length + 1;
    if (this.chars > this.maxChars) this.tags.clear();
    return this.chars <= this.maxChars;
  }

  private take(): RisRecord | undefined {
    const { line, chars, maxChars } = this;
    const tags = new Map(this.tags);
    this.tags.clear();
    this.line = undefined;
    this.chars = 0;
    if (line === undefined) return undefined;
    return chars > maxChars ? { line, reason: `the record is longer than ${maxChars} bytes` } : { line, tags };
  }
}

const first = (tags: Tags, names: readonly string[]): string | undefined =>
  names.map((name) => tags.get(name)?.[0]?.trim()).find(Boolean);
const all = (tags: Tags, names: readonly string[]): string[] =>
  names.flatMap((name) => tags.get(name) ?? []).filter((value) => value.trim() !== '');

/** `DA` tells the day; where it is of another year than `PY`, it is the day of something else. */
function whenIn(tags: Tags): ReturnType<typeof publishedOn> {
  const published = publishedOn(first(tags, ['PY', 'Y1']) ?? first(tags, ['DA']));
  const day = publishedOn(first(tags, ['DA']));
  return day.date !== undefined && day.year !== undefined && day.year === published.year ? day : published;
}

/** Beyond it nothing is an address or an id. */
const MAX_ADDRESS_CHARS = 2_000;
const MAX_ADDRESSES = 50;
const mayBeId = (value: string): boolean => value.length <= MAX_ADDRESS_CHARS;

/** Places that hold ids in one file or another. */
const NOTED = ['AN', 'M1', 'M3', 'C6', 'C7', 'U2', 'L3', 'JO', 'JF', 'T2', 'ID'];

function idsIn(tags: Tags): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const value of all(tags, NOTED).filter(mayBeId)) {
    const noted = idsInNote(value);
    const { scheme, value: id } = parsePaperId(value);
    const whole = scheme === 'doi' || scheme === 'arxiv';
    for (const [name, found] of Object.entries(whole ? { [scheme]: id } : noted)) ids[name] ??= found;
  }
  // The first address becomes the paper's; the others tell ids where they are of known sites.
  for (const address of addressesIn(tags).slice(1)) {
    const { scheme, value } = parsePaperId(address);
    if (scheme !== 'url' && scheme !== 'local') ids[scheme] ??= value;
  }
  const number = first(tags, ['AN']);
  if (number && /^\d+$/.test(number) && /pubmed|medline|nlm/i.test(all(tags, ['DB', 'DP']).join(' ')))
    ids['pmid'] ??= number;
  return ids;
}

/** Several may stand in one value. */
const addressesIn = (tags: Tags): string[] =>
  all(tags, ['UR', 'LK', 'L2'])
    .filter(mayBeId)
    .slice(0, MAX_ADDRESSES)
    .flatMap((value) => fromHtml(value).split(/[\s;]+(?=https?:)/i))
    .map((address) => address.trim())
    .filter((address) => /^https?:/i.test(address));

/** Some programs write all keywords on one line. */
function keywordsIn(tags: Tags): string[] {
  const values = all(tags, ['KW']);
  return values.flatMap((value) => fromHtml(value).split(values.length === 1 ? /[;,\n]/ : ';'));
}

function recordOf(tags: Tags): Readonly<Record<string, unknown>> {
  const meant = (...names: string[]): unknown => plain(first(tags, names), fromHtml);
  const venue = first(tags, ['JF', 'T2', 'JO', 'BT', 'C3', 'J2', 'JA']);
  const title = meant('TI', 'T1', 'CT') ?? meant('BT');
  return {
    title,
    abstract: plain(all(tags, tags.has('AB') ? ['AB'] : ['N2']).join(' '), fromHtml),
    authors: all(tags, ['AU', 'A1']).map((name) => uninverted(cleanText(fromHtml(name)))),
    ...whenIn(tags),
    venue: venue !== undefined && /^\W*(?:arxiv|corr)\b/i.test(venue) ? undefined : plain(venue, fromHtml),
    ids: idsIn(tags),
    doi: plain(first(tags, ['DO']), fromHtml),
    url: addressesIn(tags)[0],
    keywords: keywordsIn(tags),
    comment: meant('N1'),
  };
}

/** What Paperkin exported: texts as they stand, and in JSON what RIS has no tag for. Throws SyntaxError for damaged JSON. */
function ownRecordOf(tags: Tags): Readonly<Record<string, unknown>> {
  const json = tags
    .get('M3')
    ?.find((value) => value.startsWith(JSON_MARK))
    ?.slice(JSON_MARK.length);
  const rest: unknown = JSON.parse(json ?? '{}');
  const pmid = first(tags, ['AN']);
  return {
    id: first(tags, ['ID']),
    title: first(tags, ['TI']),
    abstract: first(tags, ['AB']),
    authors: all(tags, ['AU']).map(uninverted),
    year: first(tags, ['PY']),
    date: first(tags, ['DA'])?.replaceAll('/', '-'),
    venue: first(tags, ['T2']),
    ids: pmid === undefined ? {} : { pmid },
    doi: first(tags, ['DO']),
    url: first(tags, ['UR']),
    keywords: all(tags, ['KW']),
    note: first(tags, ['N1']),
    ...(isObject(rest) ? rest : {}),
  };
}

function paperOfTags(tags: Tags): Paper | Reason {
  const own = tags.get('DB')?.includes(MARK) ?? false;
  try {
    return readOwn(own ? ownRecordOf(tags) : recordOf(tags));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return { field: 'M3', reason: `what follows "${JSON_MARK}" is not JSON: ${excerpt(thrown.message, 100)}` };
  }
}

function readingOf(record: RisRecord, file: string): Reading {
  const { line } = record;
  const paper = 'tags' in record ? paperOfTags(record.tags) : record;
  return 'reason' in paper ? { kind: 'rejected', file, ...paper, line } : { kind: 'paper', file, line, paper };
}

async function* readRis(content: Content): AsyncGenerator<Reading> {
  const { file } = content;
  const gatherer = new Gatherer(content.maxRecordBytes);
  for await (const line of readLines(content)) {
    const record = gatherer.add(line);
    if (record) yield readingOf(record, file);
  }
  const last = gatherer.finish();
  if (last) yield readingOf(last, file);
}

/** RIS, of reference managers, publishers and databases. A record's `ID` is a key within its file, so it names no paper. */
export const ris: Format = {
  name: 'ris',
  title: 'RIS',
  recognises: (beginning) => !/^\s*[[{<@]/.test(beginning) && /^\s?TY {1,2}- ?[A-Z]/m.test(beginning),
  read: readRis,
};
