import type { Format } from './contract.ts';
import { foundOnArxiv } from './arxiv-metadata.ts';
import { checkedPaper, readXmlPapers, type Outcome } from './xml-paper.ts';
import { childOf, childrenOf, rootOf, textIn, textsIn, type XmlElement } from './xml-records.ts';

export const ATOM = 'http://www.w3.org/2005/Atom';
const ARXIV = 'http://arxiv.org/schemas/atom';
const ERRORS = /^https?:\/\/(?:\w+\.)?arxiv\.org\/api\/errors/;

function versionIn(id: string | undefined): number | undefined {
  const version = /v(\d{1,4})\s*$/.exec(id ?? '')?.[1];
  return version === undefined ? undefined : Number(version);
}

function paperIn(entry: XmlElement): Outcome {
  const id = textIn(entry, 'id', ATOM)?.trim();
  if (id !== undefined && ERRORS.test(id))
    return { reason: `arXiv answered: ${textIn(entry, 'summary', ATOM)?.trim()}` };
  const published = textIn(entry, 'published', ATOM)?.trim();
  const version = versionIn(id);
  const current = version === undefined ? undefined : { number: version, date: textIn(entry, 'updated', ATOM)?.trim() };
  const primary = childOf(entry, 'primary_category', ARXIV);
  const categories = [...(primary ? [primary] : []), ...childrenOf(entry, 'category', ATOM)];
  return checkedPaper(
    foundOnArxiv({
      id,
      title: textIn(entry, 'title', ATOM),
      abstract: textIn(entry, 'summary', ATOM),
      authors: childrenOf(entry, 'author', ATOM).flatMap((author) => textsIn(author, 'name', ATOM)),
      date: published,
      categories: categories.flatMap(({ attributes }) => attributes['term'] ?? []),
      comment: textIn(entry, 'comment', ARXIV),
      journalRef: textIn(entry, 'journal_ref', ARXIV),
      doi: textIn(entry, 'doi', ARXIV),
      versions: current ? [{ number: 1, date: published }, ...(version === 1 ? [] : [current])] : [],
    }),
  );
}

/** Whether a document is an answer of arXiv's API; arXiv's feeds of announcements are other Atom. */
export function isArxivApi(beginning: string): boolean {
  const root = rootOf(beginning);
  if (root?.name !== 'feed' || root.namespace !== ATOM) return false;
  return /<id>\s*https?:\/\/(?:\w+\.)?arxiv\.org\/(?:api|abs)\//.test(beginning);
}

/** Answers of arXiv's API (`export.arxiv.org/api/query`). */
export const arxivAtom: Format = {
  name: 'arxiv-atom',
  title: 'arXiv API (Atom)',
  recognises: isArxivApi,
  read: (content) =>
    readXmlPapers(content, new Set(['entry']), (entry) => (entry.namespace === ATOM ? [paperIn(entry)] : [])),
};
