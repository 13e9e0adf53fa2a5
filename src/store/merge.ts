import type { Paper } from '../domain/mod.ts';

const union = (a: readonly string[], b: readonly string[]): readonly string[] => {
  const fresh = b.filter((value) => !a.includes(value));
  return fresh.length > 0 ? [...a, ...fresh] : a;
};

const longer = (a: readonly string[], b: readonly string[]): readonly string[] => (b.length > a.length ? b : a);

/** Leaves out the keys whose value is undefined, as exactOptionalPropertyTypes wants it. */
function defined<T extends object>(fields: T): { [key in keyof T]: Exclude<T[key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [key in keyof T]: Exclude<T[key], undefined>;
  };
}

/**
 * Two records of one paper made one: every id, the richest of each field. The text is the longer abstract's, or a newer
 * arXiv version's whatever its length; what only one of the two says is kept.
 */
export function mergePapers(held: Paper, found: Paper): Paper {
  const newer = (found.version ?? 0) > (held.version ?? 0);
  const older = (found.version ?? held.version ?? 0) < (held.version ?? 0);
  const richer = found.abstract.length > held.abstract.length;
  const text = found.abstract !== '' && (newer || (richer && !older)) ? found : held;
  const optional = defined({
    year: held.year ?? found.year,
    date: held.date ?? found.date,
    venue: held.venue ?? found.venue,
    tldr: held.tldr ?? found.tldr,
    url: held.url ?? found.url,
    comment: held.comment ?? found.comment,
    citations: found.citations ?? held.citations,
    version: newer ? found.version : held.version,
  });
  return {
    id: held.id,
    ids: { ...found.ids, ...held.ids },
    title: text.title,
    abstract: text.abstract,
    authors: longer(held.authors, found.authors),
    categories: union(held.categories, found.categories),
    keywords: union(held.keywords, found.keywords),
    ...optional,
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
  const shared = b.authors.some((author) => names.has(surname(author)));
  const near = a.year === undefined || b.year === undefined || Math.abs(a.year - b.year) <= 1;
  return shared && near;
}
