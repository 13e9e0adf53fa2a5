import type { Content, Format, Position, Reading } from './contract.ts';
import { arxivAuthors, arxivIdIn, foundOnArxiv } from './arxiv-metadata.ts';
import { foundInDublinCore } from './dublin-core.ts';
import { fromTex } from './markup.ts';
import { displayName } from './names.ts';
import { checkedPaper, readingOf, whenIn, type FoundPaper, type Outcome } from './xml-paper.ts';
import { childOf, childrenOf, readElements, rootOf, textIn, textOf, type XmlElement } from './xml-records.ts';

const OAI = 'http://www.openarchives.org/OAI/2.0/';

/** Where the list goes on. */
export interface ResumptionToken {
  readonly value: string;
  /** As the repository writes it, mostly an ISO time. */
  readonly expires?: string | undefined;
  readonly completeListSize?: number | undefined;
  readonly cursor?: number | undefined;
}

/** What a page of a repository says beside its records; told once, after them. */
export interface OaiPage {
  readonly kind: 'page';
  /** When the repository answered, by its own clock. */
  readonly responseDate?: string | undefined;
  /** Absent on the last page. */
  readonly token?: ResumptionToken | undefined;
  readonly error?: { readonly code: string; readonly message: string; readonly line: number } | undefined;
}

/** A reading, and when the repository last changed the record. */
export type OaiReading = Reading & { readonly datestamp?: string | undefined };

function foundInArxiv(arxiv: XmlElement): FoundPaper {
  const authors = childrenOf(childOf(arxiv, 'authors'), 'author').map((author) => {
    const family = fromTex(textIn(author, 'keyname') ?? '');
    return displayName({ family, given: fromTex(textIn(author, 'forenames') ?? ''), suffix: textIn(author, 'suffix') });
  });
  return foundOnArxiv({
    id: textIn(arxiv, 'id'),
    title: textIn(arxiv, 'title'),
    abstract: textIn(arxiv, 'abstract'),
    authors,
    date: textIn(arxiv, 'created')?.trim(),
    categories: textIn(arxiv, 'categories')?.trim().split(/\s+/) ?? [],
    comment: textIn(arxiv, 'comments'),
    journalRef: textIn(arxiv, 'journal-ref'),
    doi: textIn(arxiv, 'doi'),
  });
}

interface RawVersion {
  readonly number: number;
  readonly date?: string | undefined;
  /** arXiv keeps a version without a text, of type `I`, to say that the paper is taken back. */
  readonly empty: boolean;
}

function rawVersions(arxivRaw: XmlElement): RawVersion[] {
  const versions: RawVersion[] = [];
  for (const version of childrenOf(arxivRaw, 'version')) {
    const number = Number(/^v(\d{1,4})$/.exec(version.attributes['version'] ?? '')?.[1]);
    if (!(number >= 1)) continue;
    const empty = textIn(version, 'source_type')?.includes('I') === true || textIn(version, 'size')?.trim() === '0kb';
    versions.push({ number, date: whenIn(textIn(version, 'date')).date, empty });
  }
  return versions.sort((a, b) => a.number - b.number);
}

function foundInArxivRaw(arxivRaw: XmlElement): FoundPaper {
  const versions = rawVersions(arxivRaw);
  const last = versions.at(-1);
  return foundOnArxiv({
    id: textIn(arxivRaw, 'id'),
    title: textIn(arxivRaw, 'title'),
    abstract: textIn(arxivRaw, 'abstract'),
    authors: arxivAuthors(textIn(arxivRaw, 'authors') ?? ''),
    date: versions[0]?.date,
    categories: textIn(arxivRaw, 'categories')?.trim().split(/\s+/) ?? [],
    comment: textIn(arxivRaw, 'comments'),
    journalRef: textIn(arxivRaw, 'journal-ref'),
    doi: textIn(arxivRaw, 'doi'),
    version: last?.number,
    versions: versions.map(({ number, date }) => ({ number, date })),
    withdrawn: last?.empty === true,
  });
}

function outcomeOf(record: XmlElement): Outcome {
  const header = childOf(record, 'header');
  const identifier = textIn(header, 'identifier')?.trim() ?? '';
  if (header?.attributes['status'] === 'deleted') {
    if (identifier === '') return { field: 'identifier', reason: 'a deleted record has no identifier' };
    return { withdrawn: arxivIdIn(identifier) ?? identifier };
  }
  const metadata = childOf(record, 'metadata')?.children.find((child) => typeof child !== 'string');
  if (!metadata) return { field: 'metadata', reason: 'the record has no metadata' };
  switch (metadata.name) {
    case 'arXiv':
      return checkedPaper(foundInArxiv(metadata));
    case 'arXivRaw':
      return checkedPaper(foundInArxivRaw(metadata));
    case 'dc':
      return checkedPaper(foundInDublinCore(metadata, identifier));
    default: {
      const reason = `<${metadata.name}> is not read; ask for the metadataPrefix oai_dc, of arXiv for arXivRaw or arXiv`;
      return { field: 'metadata', reason };
    }
  }
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

function tokenIn(element: XmlElement): ResumptionToken | undefined {
  const value = textOf(element).trim();
  if (value === '') return undefined;
  const { expirationDate, completeListSize, cursor } = element.attributes;
  return {
    value,
    expires: expirationDate,
    completeListSize: wholeNumber(completeListSize),
    cursor: wholeNumber(cursor),
  };
}

const WANTED = new Set(['record', 'resumptionToken', 'error', 'responseDate']);

/**
 * The records of an OAI-PMH answer (ListRecords, GetRecord), then what the page says. A deleted record is `withdrawn`.
 * Throws as `Format.read` does; then there is no page.
 */
export async function* readOaiPage(content: Content): AsyncGenerator<OaiReading | OaiPage> {
  const { file } = content;
  let responseDate: string | undefined;
  let token: ResumptionToken | undefined;
  let error: OaiPage['error'];
  for await (const found of readElements(content, WANTED)) {
    const { line } = found;
    const at: Position = { file, line };
    if (found.kind === 'rejected') {
      yield readingOf({ reason: found.reason }, at);
      continue;
    }
    const { element } = found;
    switch (element.name) {
      case 'record': {
        const datestamp = textIn(childOf(element, 'header'), 'datestamp')?.trim();
        yield { ...readingOf(outcomeOf(element), at), datestamp };
        break;
      }
      case 'resumptionToken':
        token = tokenIn(element);
        break;
      case 'error':
        error = { code: element.attributes['code'] ?? 'error', message: textOf(element).trim(), line };
        break;
      default:
        responseDate = textOf(element).trim();
    }
  }
  yield { kind: 'page', responseDate, token, error };
}

/** Answers of a repository by OAI-PMH, with metadata as `oai_dc`, or `arXivRaw` or `arXiv` of arXiv. */
export const oai: Format = {
  name: 'oai',
  title: 'OAI-PMH',
  recognises(beginning) {
    const root = rootOf(beginning);
    return root?.name === 'OAI-PMH' || root?.namespace === OAI;
  },
  async *read(content) {
    for await (const reading of readOaiPage(content)) {
      if (reading.kind !== 'page') yield reading;
      else if (reading.error) {
        const { code, message, line } = reading.error;
        yield readingOf({ reason: `the repository answered ${code}: ${message}` }, { file: content.file, line });
      }
    }
  },
};
