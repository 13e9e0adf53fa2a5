import { formatPaperId, idsOf, parsePaperId, type PaperId } from '../domain/mod.ts';
import { arxivIdIn, isWithdrawn } from './arxiv-metadata.ts';
import type { When } from './fields.ts';
import { fromHtml, fromTex } from './markup.ts';
import { cleanText } from './text.ts';
import { whenIn, type FoundPaper } from './xml-paper.ts';
import { uninverted } from './inverted-names.ts';
import { textsIn, type XmlElement } from './xml-records.ts';

const DC = 'http://purl.org/dc/elements/1.1/';

/** Repositories tell a handful. */
const MAX_DATES = 50;
const MAX_ID_CHARS = 1_000;

/**
 * When it was published: the earliest of the days and years told, for repositories add when they took it in and showed it.
 * They write those as moments; a plain day, month or year tells of the publication.
 */
function earliest(dates: readonly string[]): Partial<When> {
  const told = dates.slice(0, MAX_DATES);
  const plain = told.filter((date) => !/\dT\d/.test(date));
  const candidates = (plain.length > 0 ? plain : told).map(whenIn);
  const year = Math.min(...candidates.flatMap((when) => when.year ?? []));
  if (year === Infinity) return {};
  const date = candidates.flatMap((when) => (when.year === year ? (when.date ?? []) : [])).sort()[0];
  return date === undefined ? { year } : { year, date };
}

/** The ids among what repositories write as identifiers: DOIs, addresses, handles, ISBNs, whole citations. */
function idsIn(identifiers: readonly string[]): PaperId[] {
  return identifiers
    .filter((identifier) => identifier.length <= MAX_ID_CHARS)
    .filter((identifier) => !/\s/.test(identifier.trim()) || /^\s*[a-z]+:\s/i.test(identifier))
    .map((identifier) =>
      parsePaperId(identifier.replace(/^\s*info:(?:eu-repo\/semantics\/altIdentifier\/)?(\w+)\//i, '$1:')),
    );
}

/** `Journal of Knots; Vol. 3 No. 2 (2020); 1-10`: the journal's name. What is an ISSN or an address names none. */
function venueIn(sources: readonly string[], publishers: readonly string[]): string | undefined {
  const named = sources.find((source) => /\p{L}{3}/u.test(source) && !/^\s*(?:https?:|issn|isbn)/i.test(source));
  return named === undefined ? publishers[0] : named.split(/;|\bvol\b/i)[0];
}

/** `Knot, Orla; University of Ropes` has an affiliation, `Knot, Orla; Sørensen, Pim` a second author. */
function creatorsIn(creator: string): string[] {
  const [first = '', ...others] = creator.split(';');
  const isName = (text: string) => /^[^,\d]+,[^,\d]+$/.test(text) && text.trim().split(/\s+/).length <= 5;
  const institution = /universit|institut|department|facult|school|college|laborator|hospital|cent(?:er|re)\b|academy/i;
  const names = others.every((other) => isName(other) && !institution.test(other)) ? [first, ...others] : [first];
  return names.map((name) => uninverted(cleanText(name))).filter(Boolean);
}

function longest(texts: readonly string[]): string | undefined {
  return texts.reduce<string | undefined>((held, text) => (text.length > (held?.length ?? 0) ? text : held), undefined);
}

/** A record of `oai_dc`, as whatever repository fills it. Its OAI identifier is kept, for a later deletion names only that. */
export function foundInDublinCore(dc: XmlElement, oaiIdentifier: string): FoundPaper {
  const arxivId = arxivIdIn(oaiIdentifier);
  const decoded = arxivId === undefined ? fromHtml : fromTex;
  const all = (name: string) => textsIn(dc, name, DC).flatMap((text) => cleanText(decoded(text)) || []);
  const ids = idsIn(textsIn(dc, 'identifier', DC));
  const naming = ids.filter(({ scheme }) => scheme !== 'url' && scheme !== 'local');
  const descriptions = all('description');
  const comment = descriptions.find((description) => description.startsWith('Comment: '))?.slice('Comment: '.length);
  const abstract = longest(descriptions.filter((description) => !description.startsWith('Comment: ')));
  return {
    id: arxivId ?? (naming.length === 0 ? oaiIdentifier : undefined),
    ids: idsOf(naming),
    aliases: [...naming.map(formatPaperId), ...(arxivId === undefined && oaiIdentifier !== '' ? [oaiIdentifier] : [])],
    title: all('title')[0],
    abstract,
    authors: textsIn(dc, 'creator', DC).flatMap((creator) => creatorsIn(decoded(creator))),
    ...earliest(textsIn(dc, 'date', DC)),
    venue: arxivId === undefined ? venueIn(all('source'), all('publisher')) : undefined,
    categories: [],
    keywords: all('subject').flatMap((subject) => subject.split(/\s*;\s*/)),
    url: ids.find(({ scheme }) => scheme === 'url')?.value,
    comment,
    withdrawn: arxivId !== undefined && isWithdrawn(comment, abstract),
  };
}
