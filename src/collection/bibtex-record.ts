import type { Paper } from '../domain/mod.ts';
import type { BibtexEntry } from './bibtex-fields.ts';
import type { Reason } from './contract.ts';
import { isObject } from './json-records.ts';
import { fromHtml, fromTex } from './markup.ts';
import { idsInNote, plain, publishedOn, readOwn } from './own-paper.ts';
import { namesFromTex } from './tex-names.ts';
import { cleanText, excerpt } from './text.ts';

type Fields = BibtexEntry['fields'];
/** In the names of Paperkin's JSON. */
type OwnNames = Readonly<Record<string, unknown>>;

/** Publishers put the HTML of their pages into BibTeX. */
const fromBoth = (raw: string): string => fromHtml(fromTex(raw));

/** Ids and addresses are not typeset: TeX stands in them only where it has to. */
function verbatim(raw: string | undefined): string | undefined {
  if (raw === undefined) return undefined;
  const bare = raw
    .replace(/\\(?:url|path)\b/g, '')
    .replace(/\{?\$\\sim\$\}?/g, '~')
    .replace(/\\([_%&#~$])/g, '$1');
  const text = /\\[a-zA-Z]/.test(bare) ? fromTex(bare) : bare.replace(/[{}]/g, '');
  return fromHtml(text).replace(/\s+/g, '') || undefined;
}

function decodedField(raw: string | undefined): string | undefined {
  return raw === undefined ? undefined : cleanText(fromTex(raw));
}

const ARXIV_ID =
  /(?:arxiv(?:\.org\/[a-z]{2,6}\/|[:.\s]{0,9})|abs\/)(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]{2,9}(?:\.[A-Z]{2})?\/\d{7}(?:v\d+)?)/i;
const ARXIV_PLACES = ['journal', 'journaltitle', 'booktitle', 'howpublished', 'volume', 'number', 'pages'];

/** arXiv's ids by the many ways in which they are written: `eprint`, `CoRR abs/…`, `arXiv preprint arXiv:…`. */
function arxivIn(fields: Fields): string | undefined {
  const scheme = fields.get('archiveprefix') ?? fields.get('eprinttype') ?? fields.get('archive') ?? '';
  const eprint = verbatim(fields.get('arxivid') ?? fields.get('arxiv') ?? fields.get('eprint'));
  if (eprint !== undefined && /^\W*(?:arxiv(?:\.org)?)?\W*$/i.test(scheme)) return eprint;
  const told = ARXIV_PLACES.map((name) => fields.get(name)?.slice(0, 500) ?? '').join(' ');
  return /arxiv|corr/i.test(told) ? ARXIV_ID.exec(told.replace(/[{}\\]/g, ''))?.[1] : undefined;
}

/** A note that does not begin with an id speaks of another text ("extends arXiv:…"). */
function idsNoted(raw: string | undefined): Record<string, string> {
  const note = decodedField(raw?.slice(0, 500)) ?? '';
  return /^(?:arxiv|doi|pmid):/i.test(note) ? idsInNote(note) : {};
}

function idsIn(fields: Fields): Readonly<Record<string, string | undefined>> {
  const pubmed = /pub-?med|pmid/i.test(fields.get('eprinttype') ?? '') ? fields.get('eprint') : undefined;
  const noted = idsNoted(fields.get('note'));
  return {
    acl: verbatim(fields.get('acl')),
    openreview: verbatim(fields.get('openreview')),
    s2: verbatim(fields.get('s2')),
    pmid: verbatim(fields.get('pmid') ?? pubmed) ?? noted['pmid'],
    arxiv: arxivIn(fields) ?? noted['arxiv'],
    doi: noted['doi'],
  };
}

const VENUES = ['journal', 'journaltitle', 'booktitle', 'eventtitle', 'school', 'institution'];

/** Where it was published; that it is on arXiv is told by its id. */
function venueIn(fields: Fields): string | undefined {
  return VENUES.map((name) => fields.get(name)).find((venue) => venue?.trim() && !/^\W*(?:arxiv|corr)\b/i.test(venue));
}

/** A year with its month and day, of which the month may hold both (`{17~may}`, `jan # "~9"`); several days tell none. */
function withDay(year: string, fields: Fields): string {
  const [month = '', day = ''] = ['month', 'day'].map((name) => decodedField(fields.get(name)));
  if (/^\d+$/.test(month) && /^\d+$/.test(day)) return `${year}-${month}-${day}`;
  const told = `${day} ${month}`;
  return /^\D*\d{1,2}\D*$/.test(told) ? `${told} ${year}` : year;
}

/** `date` where it says something, else `year`. */
function whenIn(fields: Fields): OwnNames {
  const date = publishedOn(decodedField(fields.get('date')));
  if (date.date !== undefined || date.year !== undefined) return date;
  const year = decodedField(fields.get('year'));
  const told = publishedOn(/^\d{4}$/.test(year ?? '') ? withDay(year ?? '', fields) : year);
  // A year that is none is blamed under its own name.
  return told.date !== undefined && told.year === undefined ? { year } : told;
}

/** Only from the scheme on: an address may follow words ("Available at https://…"). */
function addressIn(fields: Fields): string | undefined {
  const told = ['url', 'ee', 'link', 'howpublished'].map((name) => verbatim(fields.get(name)));
  return told.find((address) => address?.includes('://'))?.replace(/^.*?(?=https?:\/\/)/i, '');
}

/** Books and proceedings by editors alone have them for authors. */
const EDITED = /^(?:mv)?(?:book|proceedings|collection|reference)$/;

/** DBLP tells people of one name apart by numbers: `Wei Wang 0042`. */
const withoutNumber = (name: string): string => name.replace(/ \d{4}$/, '');

function recordOf({ type, fields }: BibtexEntry): OwnNames {
  const meant = (name: string): unknown => plain(fields.get(name), fromBoth);
  const [title, subtitle] = [meant('title'), meant('subtitle')];
  const names = fields.get('author') ?? (EDITED.test(type) ? fields.get('editor') : undefined);
  return {
    title: typeof title === 'string' && typeof subtitle === 'string' ? `${title}: ${subtitle}` : title,
    abstract: meant('abstract'),
    authors: names === undefined ? [] : namesFromTex(names, fromBoth).map(withoutNumber),
    ...whenIn(fields),
    venue: plain(venueIn(fields), fromBoth),
    ids: idsIn(fields),
    doi: verbatim(fields.get('doi')),
    url: addressIn(fields),
    categories: decodedField(fields.get('primaryclass') ?? fields.get('eprintclass')),
    keywords: meant('keywords'),
    tldr: meant('tldr'),
    comment: meant('comment') ?? meant('note'),
  };
}

const partsOf = (raw: string | undefined, separator: string): string[] =>
  (raw ?? '').split(separator).filter((part) => part !== '');

/** `1 2017-06-12; 2`. */
function versionsIn(raw: string | undefined): OwnNames[] {
  return partsOf(raw, '; ').map((version) => {
    const [number, date] = version.split(' ');
    return { number: Number(number), date };
  });
}

const plainText = (raw: string | undefined): string | undefined => (raw === undefined ? undefined : fromTex(raw));

/** What Paperkin exported: TeX only, every field in one known form. Throws SyntaxError for damaged JSON. */
function ownRecordOf(fields: Fields): OwnNames {
  const text = (name: string): string | undefined => plainText(fields.get(name));
  const texts = [
    'title',
    'abstract',
    'year',
    'date',
    'tldr',
    'comment',
    'note',
    'citations',
    'upvotes',
    'version',
    'withdrawn',
  ];
  const schemes = ['acl', 'openreview', 'pmid', 's2'];
  // What fits none of the fields.
  const rest: unknown = JSON.parse(text('paperkin-json') ?? '{}');
  return {
    ...Object.fromEntries(texts.map((name) => [name, text(name)])),
    id: text('paperkin-id'),
    ids: { ...Object.fromEntries(schemes.map((scheme) => [scheme, text(scheme)])), arxiv: fields.get('eprint') },
    aliases: partsOf(text('paperkin-aliases'), '; '),
    authors: namesFromTex(fields.get('author') ?? '', fromTex),
    venue: text('journal') ?? text('booktitle') ?? text('howpublished'),
    doi: fields.get('doi'),
    url: fields.get('url'),
    categories: partsOf(text('categories'), '; '),
    keywords: partsOf(text('keywords'), ', '),
    versions: versionsIn(text('versions')),
    ...(isObject(rest) ? rest : {}),
  };
}

/** The paper of an entry, or why it gives none. */
export function paperOfEntry(entry: BibtexEntry): Paper | Reason {
  const own = [...entry.fields.keys()].some((name) => name.startsWith('paperkin-'));
  try {
    return readOwn(own ? ownRecordOf(entry.fields) : recordOf(entry));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return { field: 'paperkin-json', reason: `paperkin-json is not JSON: ${excerpt(thrown.message, 100)}` };
  }
}
