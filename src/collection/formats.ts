import { AppError } from '../errors.ts';
import { arxivAtom } from './atom.ts';
import { beir } from './beir.ts';
import { bibtex } from './bibtex.ts';
import type { Format } from './contract.ts';
import { feed } from './feed.ts';
import { zotero } from './zotero.ts';
import { huggingface } from './huggingface.ts';
import { kaggle } from './kaggle.ts';
import { openalex } from './openalex.ts';
import { biorxiv } from './biorxiv.ts';
import { semanticScholar } from './semantic-scholar.ts';
import { csl } from './csl.ts';
import { csv } from './csv.ts';
import { jsonl } from './jsonl.ts';
import { listing } from './listing.ts';
import { markdown } from './markdown.ts';
import { oai } from './oai.ts';
import { pubmed } from './pubmed.ts';
import { ris } from './ris.ts';

/** In the order they are asked: the narrower ones first. */
export const FORMATS: readonly Format[] = [
  zotero,
  huggingface,
  beir,
  kaggle,
  openalex,
  biorxiv,
  semanticScholar,
  csl,
  jsonl,
  arxivAtom,
  oai,
  feed,
  pubmed,
  bibtex,
  // Before RIS, which a cell may look like: a header of columns is in the first line or nowhere.
  csv,
  ris,
  markdown,
  listing,
];

const NAMES = FORMATS.map((format) => format.name).join(', ');

/** The format of that name. Throws USAGE with the names there are. */
export function formatNamed(name: string): Format {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (!format) throw new AppError('USAGE', { message: `there is no format "${name}"; formats are ${NAMES}` });
  return format;
}

/** The format that the beginning of a decompressed input shows, whatever the file is called. Throws UNKNOWN_FORMAT. */
export function formatOf(beginning: string, file: string): Format {
  const format = FORMATS.find((candidate) => candidate.recognises(beginning));
  if (!format) throw new AppError('UNKNOWN_FORMAT', { file, formats: NAMES });
  return format;
}
