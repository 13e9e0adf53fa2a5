import { isObject, type JsonObject } from './json-records.ts';

/** The names of the formats of JSON records. */
export type JsonLayout =
  'zotero' | 'huggingface' | 'beir' | 'kaggle' | 'openalex' | 'biorxiv' | 'semantic-scholar' | 'csl' | 'jsonl';

/** Types of CSL 1.0.2 that papers come in, and `article` with what reference managers make of it. */
const CSL_TYPES = new Set([
  'article',
  'article-journal',
  'article-magazine',
  'article-newspaper',
  'book',
  'chapter',
  'dataset',
  'document',
  'manuscript',
  'paper-conference',
  'report',
  'review',
  'software',
  'speech',
  'standard',
  'thesis',
  'webpage',
]);

function isZotero(object: JsonObject): boolean {
  const entry = isObject(object['data']) ? object['data'] : object;
  return typeof entry['itemType'] === 'string';
}

function isHuggingFace(object: JsonObject): boolean {
  const paper = isObject(object['paper']) ? object['paper'] : object;
  return 'title' in paper && 'summary' in paper && ('upvotes' in paper || 'publishedAt' in paper);
}

function isBeir(object: JsonObject): boolean {
  return '_id' in object && 'title' in object && 'text' in object;
}

function isKaggle(object: JsonObject): boolean {
  return 'title' in object && ('authors_parsed' in object || ('journal-ref' in object && 'categories' in object));
}

function isOpenAlex(object: JsonObject): boolean {
  const { id } = object;
  return 'abstract_inverted_index' in object || (typeof id === 'string' && /^https:\/\/openalex\.org\/W/i.test(id));
}

function isBiorxiv(object: JsonObject): boolean {
  return typeof object['doi'] === 'string' && 'version' in object && 'category' in object && 'date' in object;
}

/** `corpusid` is how its bulk data sets spell it. */
function isSemanticScholar(object: JsonObject): boolean {
  if (isObject(object['citingPaper']) || isObject(object['citedPaper'])) return true;
  return 'paperId' in object || 'corpusId' in object || 'corpusid' in object;
}

function isCsl(object: JsonObject): boolean {
  const { type, custom } = object;
  if (isObject(custom) && 'paperkin' in custom) return true;
  if (!('title' in object) || 'authors' in object) return false;
  return (typeof type === 'string' && CSL_TYPES.has(type)) || isObject(object['issued']);
}

/** Paperkin's own, or a hit of a search with a paper of it. */
function isOwn(object: JsonObject): boolean {
  const paper = isObject(object['paper']) ? object['paper'] : object;
  return 'title' in paper || 'abstract' in paper;
}

/** From the layouts that one key betrays to the one that has hardly any. */
const LAYOUTS: ReadonlyArray<readonly [JsonLayout, (object: JsonObject) => boolean]> = [
  ['zotero', isZotero],
  ['huggingface', isHuggingFace],
  ['beir', isBeir],
  ['kaggle', isKaggle],
  ['openalex', isOpenAlex],
  ['biorxiv', isBiorxiv],
  ['semantic-scholar', isSemanticScholar],
  ['csl', isCsl],
  ['jsonl', isOwn],
];

/**
 * The one layout an object is in, by the keys that only records of it have. One table for all, so that no input is in two
 * layouts whatever order the formats are asked in.
 */
export function layoutOf(object: JsonObject): JsonLayout | undefined {
  return LAYOUTS.find(([, isIn]) => isIn(object))?.[0];
}
