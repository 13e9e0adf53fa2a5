import type { CitationFormat, Paper } from '../../domain/mod.ts';
import { bibtexWriter, citeBibtex } from './bibtex.ts';
import { citeCsl, cslWriter } from './csl.ts';
import { citeRis, risWriter } from './ris.ts';

interface Citing {
  readonly mediaType: string;
  /** One paper as a reference list needs it, and no more: it is not meant to be read back. */
  readonly cite: (paper: Paper) => string;
}

export const CITATIONS: { readonly [format in CitationFormat]: Citing } = {
  bibtex: { mediaType: bibtexWriter.mediaType, cite: citeBibtex },
  ris: { mediaType: risWriter.mediaType, cite: citeRis },
  'csl-json': { mediaType: cslWriter.mediaType, cite: citeCsl },
};
