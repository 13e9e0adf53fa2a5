import type { PaperJson } from './paper.ts';

export interface PaperLink {
  readonly label: string;
  readonly href: string;
}

/** A path out of an id: slashes stay, everything else that could end or alter the address is encoded. */
const segment = (value: string): string => value.split('/').map(encodeURIComponent).join('/');

/** Only the web's own schemes: a record may carry `javascript:` or worse. */
export function webAddress(url: string | null | undefined): string | undefined {
  return url && /^https?:\/\//i.test(url) ? url : undefined;
}

/** Where else the paper is to be found. */
export function linksOf(paper: PaperJson): PaperLink[] {
  const { arxiv, doi, acl, openreview, pmid, s2 } = paper.ids;
  const links: PaperLink[] = [];
  if (arxiv) links.push({ label: 'arXiv', href: `https://arxiv.org/abs/${segment(arxiv)}` });
  if (arxiv) links.push({ label: 'PDF', href: `https://arxiv.org/pdf/${segment(arxiv)}` });
  if (doi) links.push({ label: 'DOI', href: `https://doi.org/${segment(doi)}` });
  if (acl) links.push({ label: 'ACL Anthology', href: `https://aclanthology.org/${segment(acl)}/` });
  if (openreview) links.push({ label: 'OpenReview', href: `https://openreview.net/forum?id=${segment(openreview)}` });
  if (pmid) links.push({ label: 'PubMed', href: `https://pubmed.ncbi.nlm.nih.gov/${segment(pmid)}/` });
  if (s2) {
    const known = /^\d+$/.test(s2);
    const href = known
      ? `https://api.semanticscholar.org/CorpusID:${s2}`
      : `https://www.semanticscholar.org/paper/${segment(s2)}`;
    links.push({ label: 'Semantic Scholar', href });
  }
  const url = webAddress(paper.url);
  if (url && !links.some(({ href }) => sameAddress(href, url))) links.push({ label: 'Web page', href: url });
  return links;
}

/** Where one version of the paper is to be found, if its archive shows them one by one. */
export function versionAddress({ ids }: Pick<PaperJson, 'ids'>, number: number): string | undefined {
  return ids.arxiv && `https://arxiv.org/abs/${segment(ids.arxiv)}v${number}`;
}

function sameAddress(a: string, b: string): boolean {
  const bare = (address: string): string =>
    decodeURIComponent(address.replace(/%(?![0-9a-f]{2})/gi, '%25'))
      .toLowerCase()
      .replace(/^https?:\/\/(?:www\.|dx\.)?|\/+$/g, '');
  try {
    return bare(a) === bare(b);
  } catch {
    return a === b;
  }
}
