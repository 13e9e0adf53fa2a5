import type { ReactElement } from 'react';
import type { PaperJson } from '../../domain/mod.ts';
import { plainText } from '../text/tex.ts';

/** Authors named in a list of hits before "and N more". */
const NAMED = 4;

interface AuthorsProps {
  readonly names: readonly string[];
  readonly limit?: number;
}

export function Authors({ names, limit = NAMED }: AuthorsProps): ReactElement {
  if (names.length === 0) return <span className="authors">Unknown authors</span>;
  // "and 1 more" is longer than most names.
  const shown = names.length <= limit + 1 ? names : names.slice(0, limit);
  const rest = names.length - shown.length;
  return (
    <span className="authors" title={rest > 0 ? names.slice(0, 60).map(plainText).join(', ') : undefined}>
      {shown.map(plainText).join(', ')}
      {rest > 0 && <span className="more-authors"> and {rest} more</span>}
    </span>
  );
}

/** Authors, year and venue on one line. */
export function Byline({ paper }: { readonly paper: PaperJson }): ReactElement {
  return (
    <p className="byline">
      <Authors names={paper.authors} />
      {paper.year !== null && (
        <>
          <span className="dot"> · </span>
          <span>{paper.year}</span>
        </>
      )}
      {paper.venue && (
        <>
          <span className="dot"> · </span>
          <cite className="venue">{plainText(paper.venue)}</cite>
        </>
      )}
    </p>
  );
}
