import type { IdScheme, PaperIds } from './paper.ts';

/** An id in its scheme's normal form: two spellings of one id are equal after parsing. */
export interface PaperId {
  readonly scheme: IdScheme;
  readonly value: string;
  /** arXiv only: the version the spelling carried. */
  readonly version?: number;
}

/** Archives of arXiv's ids before April 2007; without the list `lecture/1234567` of some collection would be taken for one. */
const ARCHIVES = [
  'acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga',
  'funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph',
  'q-alg|q-bio|quant-ph|solv-int|supr-con',
].join('|');
/** Year and month, then a number: `2021.12345` has no month 21, so it is some collection's own id. */
const ARXIV_NEW = /^(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v(\d+))?$/i;
const ARXIV_OLD = new RegExp(`^((?:${ARCHIVES})(?:\\.[a-z-]{2,})?/\\d{2}(?:0[1-9]|1[0-2])\\d{3})(?:v(\\d+))?$`, 'i');
const DOI = /^10\.\d{4,9}(?:\.\d+)*\/\S+$/;
const ARXIV_DOI = /^10\.48550\/arxiv\.(.+)$/i;
const ACL_OLD = /^[A-Z]\d{2}-\d{4,5}$/i;
const ACL_NEW = /^\d{4}\.[a-z0-9_]+-[a-z0-9]+\.\d+$/i;
const SHA = /^[0-9a-f]{40}$/i;

function arxiv(text: string): PaperId | undefined {
  const match = ARXIV_NEW.exec(text) ?? ARXIV_OLD.exec(text);
  if (!match?.[1]) return undefined;
  // The subject class of an old id (math.GT/0309136) is not part of its identity.
  const value = match[1].toLowerCase().replace(/^([a-z-]+)\.[a-z-]+\//, '$1/');
  return { scheme: 'arxiv', value, ...(match[2] ? { version: Number(match[2]) } : {}) };
}

function doi(text: string): PaperId | undefined {
  if (!DOI.test(text)) return undefined;
  const inner = ARXIV_DOI.exec(text)?.[1];
  return (inner && arxiv(inner)) || { scheme: 'doi', value: text.toLowerCase() };
}

function acl(text: string): PaperId | undefined {
  if (ACL_OLD.test(text)) return { scheme: 'acl', value: text.toUpperCase() };
  return ACL_NEW.test(text) ? { scheme: 'acl', value: text.toLowerCase() } : undefined;
}

function openreview(text: string): PaperId | undefined {
  const value = text.trim();
  return value && !/\s/.test(value) ? { scheme: 'openreview', value } : undefined;
}

function pmid(text: string): PaperId | undefined {
  return /^\d+$/.test(text) ? { scheme: 'pmid', value: text.replace(/^0+(?=\d)/, '') } : undefined;
}

function s2(text: string): PaperId | undefined {
  if (text === '') return undefined;
  return { scheme: 's2', value: SHA.test(text) ? text.toLowerCase() : text };
}

/** A path with its escapes resolved; one that is not well escaped (a DOI with a bare `%`) as it is. */
function pathOf(url: URL): string {
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The id that the address of a known site holds. */
function fromSite(url: URL): PaperId | undefined {
  const path = pathOf(url);
  const host = url.hostname.replace(/^www\./, '');
  switch (host.endsWith('.arxiv.org') ? 'arxiv.org' : host) {
    case 'arxiv.org':
      return arxiv(path.replace(/^(?:abs|pdf|html|format|ps|e-print|src)\//, '').replace(/\.pdf$/i, ''));
    case 'doi.org':
    case 'dx.doi.org':
      return doi(path);
    case 'aclanthology.org':
    case 'aclweb.org':
      return acl(path.replace(/^anthology\//, '').replace(/(?:v\d+)?\.pdf$/, ''));
    case 'openreview.net':
      return openreview(url.searchParams.get('id') ?? '');
    case 'huggingface.co':
      return path.startsWith('papers/') ? arxiv(path.slice('papers/'.length)) : undefined;
    case 'semanticscholar.org':
    case 'api.semanticscholar.org': {
      const sha = path.startsWith('paper/') ? path.split('/').at(-1) : undefined;
      return sha && SHA.test(sha) ? s2(sha) : undefined;
    }
    case 'pubmed.ncbi.nlm.nih.gov':
    case 'ncbi.nlm.nih.gov':
      return pmid(path.replace(/^pubmed\//, ''));
    default:
      return undefined;
  }
}

function fromUrl(text: string): PaperId | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const found = fromSite(url);
  if (found) return found;
  url.hash = '';
  return { scheme: 'url', value: url.href };
}

/** An address as people paste it, without its scheme; only of sites whose addresses hold ids. */
const BARE_ADDRESS =
  /^(?:www\.)?(?:(?:export\.)?arxiv\.org|(?:dx\.)?doi\.org|aclanthology\.org|openreview\.net|huggingface\.co\/papers)\//i;

/** The id within an address of a known site, with or without `https://`. */
function fromAddress(text: string): PaperId | undefined {
  const found = fromUrl(BARE_ADDRESS.test(text) ? `https://${text}` : text);
  return found?.scheme === 'url' ? undefined : found;
}

const PREFIXES: ReadonlyArray<readonly [RegExp, (rest: string) => PaperId | undefined]> = [
  [/^arxiv:\s*/i, arxiv],
  [/^doi:\s*/i, doi],
  [/^acl:\s*/i, acl],
  [/^openreview:\s*/i, openreview],
  [/^(?:pmid|pubmed):\s*/i, pmid],
  [/^(?:s2|corpusid):\s*/i, s2],
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
    const rest = text.replace(prefix, '');
    // Fields named after a scheme often hold an address: `doi:https://doi.org/10.…`.
    const found = parse(rest) ?? fromAddress(rest);
    if (found) return found;
  }
  return arxiv(text) ?? doi(text) ?? fromUrl(text) ?? fromAddress(text) ?? { scheme: 'local', value: text };
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

/** The ids that are not among those shown, as Paperkin writes them, sorted; `undefined` for none. */
export function aliasesOf(shown: PaperIds, ids: readonly PaperId[]): readonly string[] | undefined {
  const others = ids.filter(({ scheme, value }) => shown[scheme] !== value).map(formatPaperId);
  return others.length > 0 ? [...new Set(others)].sort() : undefined;
}
