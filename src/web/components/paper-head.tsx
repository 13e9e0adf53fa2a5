import { useState, type ReactElement } from 'react';
import { formatFilterValue, linksOf, type PaperJson } from '../../domain/mod.ts';
import type { Citing } from '../hooks/use-citation.ts';
import { searchPath } from '../routes.ts';
import { plainText } from '../text/tex.ts';
import { Citation } from './citation.tsx';
import { Link } from './link.tsx';
import { PaperMarks } from './paper-marks.tsx';
import { RichText } from './rich-text.tsx';

/** Of a collaboration's thousands so many are named before the reader asks for all. */
const NAMED = 24;

/** A search that finds what the author wrote. */
const authorPath = (name: string): string => searchPath({ query: name, filter: `author:${formatFilterValue(name)}` });

function Authors({ names }: { readonly names: readonly string[] }): ReactElement {
  const [extent, setExtent] = useState<'shortened' | 'whole'>('shortened');
  if (names.length === 0) return <p className="byline">Unknown authors</p>;
  // "and 1 more" is longer than most names.
  const shown = extent === 'whole' || names.length <= NAMED + 1 ? names : names.slice(0, NAMED);
  const rest = names.length - shown.length;
  return (
    <div className="byline">
      <ul className="author-list" aria-label="Authors">
        {shown.map((name, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a name may be there twice, and the list never changes its order
          <li key={`${at} ${name}`}>
            <Link to={authorPath(name)}>{plainText(name)}</Link>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" className="text-button" onClick={() => setExtent('whole')}>
          and {rest} more
        </button>
      )}
    </div>
  );
}

function Links({ paper }: { readonly paper: PaperJson }): ReactElement | null {
  const links = linksOf(paper);
  if (links.length === 0) return null;
  return (
    <ul className="links" aria-label="This paper elsewhere">
      {links.map(({ label, href }) => (
        <li key={label}>
          <a href={href} target="_blank" rel="noopener noreferrer">
            {label}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What the paper is, where else it is, and what may be done with it. */
export function PaperHead({ paper, citing }: { readonly paper: PaperJson; readonly citing: Citing }): ReactElement {
  return (
    <header className="paper-head">
      {paper.withdrawn && (
        <p className="notice withdrawn">
          <strong>Withdrawn.</strong> Its authors, or the source it came from, have taken this paper back.
        </p>
      )}
      <h1>
        <RichText text={paper.title || paper.id} />
      </h1>
      <Authors names={paper.authors} />
      {paper.categories.length > 0 && (
        <ul className="chips" aria-label="Categories">
          {paper.categories.map((category) => (
            <li key={category}>
              <span className="chip">{category}</span>
            </li>
          ))}
        </ul>
      )}
      <Links paper={paper} />
      <div className="paper-actions">
        <PaperMarks paper={paper} />
        <Citation citing={citing} />
      </div>
    </header>
  );
}
