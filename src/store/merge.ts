import type { Paper } from '../domain/mod.ts';

const union = (a: readonly string[], b: readonly string[]): readonly string[] => {
  const fresh = b.filter((value) => !a.includes(value));
  return fresh.length > 0 ? [...a, ...fresh] : a;
};

const longer = (a: readonly string[], b: readonly string[]): readonly string[] => (b.length > a.length ? b : a);

/** The key with its value, or nothing where there is no value, as exactOptionalPropertyTypes wants it. */
function known<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [key in Key]?: Value } {
  const entries: { [key in Key]?: Value } = {};
  if (value !== undefined) entries[key] = value;
  return entries;
}

/** Whether a record tells of an earlier arXiv version than another; one that names none is neither earlier nor later. */
export function isOlder(a: Paper, b: Paper): boolean {
  return a.version !== undefined && b.version !== undefined && a.version < b.version;
}

/**
 * Two records of one paper made one: every id, the richest of each field. The text is the longer abstract's, or a newer
 * arXiv version's whatever its length; what only one of the two says is kept.
 */
export function mergePapers(held: Paper, found: Paper): Paper {
  const newer = isOlder(held, found);
  const richer = found.abstract.length > held.abstract.length;
  const silent = found.abstract === '' && held.abstract !== '';
  const text = !silent && (newer || (richer && !isOlder(found, held))) ? found : held;
  return {
    id: held.id,
    ids: { ...found.ids, ...held.ids },
    title: text.title,
    abstract: text.abstract,
    authors: longer(held.authors, found.authors),
    categories: union(held.categories, found.categories),
    keywords: union(held.keywords, found.keywords),
    ...known('year', held.year ?? found.year),
    ...known('date', held.date ?? found.date),
    ...known('venue', held.venue ?? found.venue),
    ...known('tldr', held.tldr ?? found.tldr),
    ...known('url', held.url ?? found.url),
    ...known('comment', held.comment ?? found.comment),
    ...known('citations', found.citations ?? held.citations),
    // A newer version without a text leaves the older one's number standing, else that text would never be replaced.
    ...known('version', newer ? text.version : (held.version ?? found.version)),
  };
}

/**
 * A source's corrected record over what was held of its paper. Where other sources told of the paper too, what only they
 * say is kept; else the record is all there is.
 */
export function correctPaper(held: Paper, found: Paper, told: 'by it alone' | 'by others too'): Paper {
  const ids = { ...held.ids, ...found.ids };
  if (told === 'by it alone') return { ...found, ids };
  return {
    ...held,
    ...found,
    ids,
    abstract: found.abstract === '' ? held.abstract : found.abstract,
    authors: found.authors.length > 0 ? found.authors : held.authors,
    categories: union(found.categories, held.categories),
    keywords: union(found.keywords, held.keywords),
  };
}

const surname = (author: string): string => {
  const [last, first] = author.split(',', 2);
  const name = first === undefined ? (author.trim().split(/\s+/).at(-1) ?? '') : (last ?? '');
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .trim();
};

/** Whether two records with the same title are one paper: a shared author (by surname) and years at most 1 apart. */
export function samePaper(a: Paper, b: Paper): boolean {
  const names = new Set(a.authors.map(surname));
  const shared = b.authors.map(surname).some((name) => name !== '' && names.has(name));
  const near = a.year === undefined || b.year === undefined || Math.abs(a.year - b.year) <= 1;
  return shared && near;
}
