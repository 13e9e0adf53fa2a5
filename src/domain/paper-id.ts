import type { IdScheme, PaperIds } from './paper.ts';

/** An id in its scheme's normal form: two spellings of one id are equal after parsing. */
export interface PaperId {
  readonly scheme: IdScheme;
  readonly value: string;
  /** arXiv only: the version the spelling carried. */
  readonly version?: number;
}

const ARXIV_NEW = /^(\d{4}\.\d{4,5})(?:v(\d+))?$/i;
const ARXIV_OLD = /^([a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v(\d+))?$/i;
const DOI = /^10\.\d{4,9}\/\S+$/;
const ARXIV_DOI = /^10\.48550\/arxiv\.(.+)$/i;
const ACL = /^(?:[A-Z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9]+\.\d+)$/i;

function arxiv(text: string): PaperId | undefined {
  const match = ARXIV_NEW.exec(text) ?? ARXIV_OLD.exec(text);
  if (!match?.[1]) return undefined;
  // The subject class of an old id (math.GT/0309136) is not part of its identity.
  const value = match[1].toLowerCase().replace(/^([a-z-]+)\.[a-z]{2}\//, '$1/');
  return { scheme: 'arxiv', value, ...(match[2] ? { version: Number(match[2]) } : {}) };
}

function doi(text: string): PaperId | undefined {
  if (!DOI.test(text)) return undefined;
  const inner = ARXIV_DOI.exec(text)?.[1];
  return (inner && arxiv(inner)) || { scheme: 'doi', value: text.toLowerCase() };
}

function fromUrl(text: string): PaperId | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const host = url.hostname.replace(/^www\./, '');
  let path: string;
  try {
    path = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  } catch {
    return undefined;
  }
  if (host === 'arxiv.org' || host.endsWith('.arxiv.org')) {
    const found = arxiv(path.replace(/^(?:abs|pdf|html)\//, '').replace(/\.pdf$/, ''));
    if (found) return found;
  }
  if (host === 'doi.org' || host === 'dx.doi.org') {
    const found = doi(path);
    if (found) return found;
  }
  if (host === 'aclanthology.org') {
    const name = path.replace(/\.pdf$/, '');
    if (ACL.test(name)) return { scheme: 'acl', value: name };
  }
  if (host === 'openreview.net') {
    const forum = url.searchParams.get('id');
    if (forum) return { scheme: 'openreview', value: forum };
  }
  if (host === 'pubmed.ncbi.nlm.nih.gov' && /^\d+$/.test(path)) return { scheme: 'pmid', value: path };
  url.hash = '';
  return { scheme: 'url', value: url.href };
}

const PREFIXES: ReadonlyArray<readonly [RegExp, (rest: string) => PaperId | undefined]> = [
  [/^arxiv:\s*/i, arxiv],
  [/^doi:\s*/i, doi],
  [/^acl:\s*/i, (rest) => (ACL.test(rest) ? { scheme: 'acl', value: rest } : undefined)],
  [/^openreview:\s*/i, (rest) => (rest ? { scheme: 'openreview', value: rest } : undefined)],
  [/^(?:pmid|pubmed):\s*/i, (rest) => (/^\d+$/.test(rest) ? { scheme: 'pmid', value: rest } : undefined)],
  [/^(?:s2|corpusid):\s*/i, (rest) => (rest ? { scheme: 's2', value: rest } : undefined)],
  [/^url:\s*/i, fromUrl],
];

/**
 * Reads an id as people write it: `arXiv:1706.03762v5`, `1706.03762`, `https://doi.org/10.1000/X`, `10.1000/X`,
 * `ACL:P19-1001`, a URL. Anything else is the collection's own id (scheme `local`), kept as it is.
 */
export function parsePaperId(raw: string): PaperId {
  const text = raw.trim();
  for (const [prefix, parse] of PREFIXES) {
    if (!prefix.test(text)) continue;
    const found = parse(text.replace(prefix, ''));
    if (found) return found;
  }
  return arxiv(text) ?? doi(text) ?? fromUrl(text) ?? { scheme: 'local', value: text };
}

const LABEL: { readonly [scheme in IdScheme]: string } = {
  arxiv: 'arXiv:',
  doi: 'DOI:',
  acl: 'ACL:',
  openreview: 'OpenReview:',
  pmid: 'PMID:',
  s2: 'S2:',
  url: '',
  local: '',
};

/** The id as Paperkin writes it; `parsePaperId(formatPaperId(id))` gives the id back. */
export function formatPaperId(id: PaperId): string {
  return LABEL[id.scheme] + id.value;
}

export function idsOf(ids: readonly PaperId[]): PaperIds {
  const byScheme: { [scheme in IdScheme]?: string } = {};
  for (const id of ids) byScheme[id.scheme] ??= id.value;
  return byScheme;
}
