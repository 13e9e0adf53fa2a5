import { createHash } from 'node:crypto';
import {
  citeKey,
  type Paper,
  type PaperId,
  parsePaperId,
  publicationKind,
  type PublicationKind,
  webAddress,
} from '../../domain/mod.ts';
import { fieldsOf, idsAreTold } from './fields.ts';
import { partsOf } from './names.ts';
import { escapeTex, titleToTex, toTex } from './tex.ts';
import { writerOf, type Written } from './writer.ts';

type Field = readonly [name: string, value: string | undefined];

const TYPES: { readonly [kind in PublicationKind]: readonly [type: string, venue: string] } = {
  preprint: ['misc', 'howpublished'],
  conference: ['inproceedings', 'booktitle'],
  journal: ['article', 'journal'],
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Letters and digits after the cite key: two papers of one author, year and first word need two keys, and keeping all keys
 * of a file in mind would take memory. Thirty bits leave one chance in a thousand that a million like pairs hold two equal.
 */
function keyOf(paper: Paper): string {
  const digest = createHash('sha256').update(paper.id).digest().readUInt32BE(0) >>> 2;
  return `${citeKey(paper)}-${digest.toString(32).padStart(6, '0')}`;
}

/** `van Beethoven, Ludwig`, `King, Jr., Martin Luther`; in braces what BibTeX would take apart otherwise. */
function authorOf(author: string): string {
  const parts = partsOf(author);
  if (!parts || /[{}]/.test(author)) return `{${escapeTex(author)}}`;
  const { family, given, particle, suffix } = parts;
  const last = [particle, family].filter(Boolean).join(' ');
  return escapeTex([last, suffix, given].filter(Boolean).join(', '));
}

/** Addresses and DOIs are read as they stand, escapes and all. */
const verbatim = (value: string | undefined): string | undefined =>
  value !== undefined && /^[^\s{}\\"%]+$/.test(value) ? value : undefined;

/** Fields are read with white space drawn together, as all text of TeX. */
const isPlain = (id: string): boolean => !/[^\S ]|\s{2}/.test(id) && id === id.normalize('NFC');

const maybeTex = (text: string | undefined): string | undefined => (text === undefined ? undefined : toTex(text));
const maybeEscaped = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : escapeTex(text);
const joined = (texts: readonly string[] | undefined, separator: string): string | undefined =>
  texts && texts.length > 0 ? toTex(texts.join(separator)) : undefined;

/** Every id that the entry tells in a field of its own. */
function toldIds({ id, ids, url }: Paper): PaperId[] {
  const named = (['arxiv', 'doi', 'acl', 'openreview', 'pmid', 's2'] as const).flatMap((scheme) => {
    const value = ids[scheme];
    return value === undefined ? [] : [{ scheme, value }];
  });
  return [parsePaperId(id), ...named, ...(url === undefined ? [] : [parsePaperId(url)])];
}

/** What BibTeX has no field for, or no way to say exactly. */
function restOf(paper: Written): string | undefined {
  const { id, ids, aliases, venue, url, categories, keywords } = paper;
  const rest = fieldsOf(paper, [
    ...(['title', 'abstract', 'authors', 'year', 'date', 'tldr', 'comment', 'note', 'citations', 'upvotes'] as const),
    ...(['version', 'versions', 'withdrawn'] as const),
    ...(isPlain(id) ? (['id'] as const) : []),
    ...(idsAreTold(paper, toldIds(paper)) && verbatim(ids.doi) === ids.doi ? (['ids'] as const) : []),
    ...((aliases ?? []).every((alias) => isPlain(alias) && !alias.includes(';')) ? (['aliases'] as const) : []),
    // A reader looks for arXiv's ids in such places, and leaves out the rest.
    ...(/arxiv|corr/i.test(venue ?? '') ? [] : (['venue'] as const)),
    ...(verbatim(url) === url ? (['url'] as const) : []),
    ...(categories.some((category) => category.includes(';')) ? [] : (['categories'] as const)),
    ...(keywords.some((keyword) => /[;,]/.test(keyword)) ? [] : (['keywords'] as const)),
  ]);
  return Object.keys(rest).length > 0 ? escapeTex(JSON.stringify(rest)) : undefined;
}

/** What a reference list needs. */
function citedFields(paper: Omit<Paper, 'url'> & { readonly url?: string | undefined }, venueField: string): Field[] {
  const { ids, year, date, categories } = paper;
  const month = MONTHS[Number(date?.slice(5, 7)) - 1];
  const primary = ids.arxiv === undefined ? undefined : categories[0];
  return [
    ['title', titleToTex(paper.title)],
    ['author', paper.authors.map(authorOf).join(' and ') || undefined],
    [venueField, maybeTex(paper.venue)],
    ['year', year?.toString()],
    ['month', month],
    ['doi', verbatim(ids.doi)],
    ['eprint', ids.arxiv],
    ['archiveprefix', ids.arxiv && 'arXiv'],
    ['primaryclass', primary && /^[a-z-]+(?:\.[A-Za-z-]+)?$/.test(primary) ? primary : undefined],
    ['url', verbatim(paper.url)],
  ];
}

/** Our own fields come last; other programs pass over them. */
function otherFields(paper: Written): Field[] {
  const { ids, date, categories, versions } = paper;
  return [
    ['abstract', paper.abstract === '' ? undefined : toTex(paper.abstract)],
    ['keywords', joined(paper.keywords, ', ')],
    ['date', date],
    ['acl', maybeEscaped(ids.acl)],
    ['openreview', maybeEscaped(ids.openreview)],
    ['pmid', ids.pmid],
    ['s2', maybeEscaped(ids.s2)],
    ['categories', joined(categories, '; ')],
    ['tldr', maybeTex(paper.tldr)],
    ['comment', maybeTex(paper.comment)],
    ['note', maybeTex(paper.note)],
    ['citations', paper.citations?.toString()],
    ['upvotes', paper.upvotes?.toString()],
    ['version', paper.version?.toString()],
    ['versions', versions?.map(({ number, date }) => [number, date].filter(Boolean).join(' ')).join('; ')],
    ['withdrawn', paper.withdrawn ? 'true' : undefined],
    ['paperkin-id', escapeTex(paper.id)],
    ['paperkin-aliases', paper.aliases && escapeTex(paper.aliases.join('; '))],
    ['paperkin-json', restOf(paper)],
  ];
}

function linesOf(fields: readonly Field[]): string {
  return fields
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name} = ${name === 'month' ? value : `{${value}}`},\n`)
    .join('');
}

function entryOf(paper: Written): string {
  const [type, venueField] = TYPES[publicationKind(paper)];
  return `@${type}{${keyOf(paper)},\n${linesOf([...citedFields(paper, venueField), ...otherFields(paper)])}}\n\n`;
}

/** A paper as a reference list needs it. The key is short: whoever puts one entry into a file sees what keys there are. */
export function citeBibtex(paper: Paper): string {
  const [type, venueField] = TYPES[publicationKind(paper)];
  const fields = citedFields({ ...paper, url: webAddress(paper.url) }, venueField);
  return `@${type}{${citeKey(paper)},\n${linesOf(fields)}}\n`;
}

/**
 * Written by hand: the libraries that write BibTeX drop fields they do not know, change the case of titles or decode
 * mathematics, so that nothing they write reads back the same.
 */
export const bibtexWriter = writerOf({
  name: 'bibtex',
  title: 'BibTeX',
  extension: 'bib',
  reads: 'bibtex',
  mediaType: 'application/x-bibtex',
  paper: entryOf,
});
