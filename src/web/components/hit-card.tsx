import { useId, type ReactElement, type ReactNode } from 'react';
import type { Hit } from '../../domain/mod.ts';
import { paperPath } from '../routes.ts';
import { Abstract } from './abstract.tsx';
import { Byline } from './byline.tsx';
import { Link } from './link.tsx';
import { MarkButtons } from './mark-buttons.tsx';
import { RichText } from './rich-text.tsx';
import { useScore } from './score.tsx';

/** Categories shown on a card; papers cross-listed more widely show them all on their page. */
const CATEGORIES = 6;

interface HitCardProps {
  readonly hit: Hit;
  /** Adds a category to the filter; categories are plain where there is none. */
  readonly onCategory?: (category: string) => void;
  readonly actions?: ReactNode;
}

function Categories({ hit, onCategory }: HitCardProps): ReactElement | null {
  const shown = hit.paper.categories.slice(0, CATEGORIES);
  if (shown.length === 0) return null;
  return (
    <ul className="chips" aria-label="Categories">
      {shown.map((category) => (
        <li key={category}>
          {onCategory ? (
            <button type="button" className="chip" title={`Only ${category}`} onClick={() => onCategory(category)}>
              {category}
            </button>
          ) : (
            <span className="chip">{category}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Duplicates({ ids }: { readonly ids: readonly string[] }): ReactElement {
  return (
    <p className="duplicates">
      Stands also for {ids.length === 1 ? 'a near-duplicate' : `${ids.length} near-duplicates`}:{' '}
      {ids.slice(0, 5).map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <Link to={paperPath(id)}>{id}</Link>
        </span>
      ))}
    </p>
  );
}

export function HitCard(props: HitCardProps): ReactElement {
  const { hit, actions } = props;
  const { paper } = hit;
  const titleId = useId();
  const score = useScore(hit);
  return (
    <article className="hit" data-paper-id={paper.id} aria-labelledby={titleId}>
      <h3 className="hit-title" id={titleId}>
        <Link to={paperPath(paper.id)}>
          <RichText text={paper.title || paper.id} />
        </Link>
      </h3>
      <Byline paper={paper} />
      <Abstract key={hit.evidence?.start} abstract={paper.abstract} evidence={hit.evidence} />
      {hit.duplicates && hit.duplicates.length > 0 && <Duplicates ids={hit.duplicates} />}
      <div className="hit-foot">
        <Categories {...props} />
        <div className="hit-actions">
          {actions ?? (
            <Link to={`${paperPath(paper.id)}#kin`} aria-label={`Papers related to ${paper.title}`}>
              Related
            </Link>
          )}
          {score.button}
          <MarkButtons paper={paper} />
        </div>
      </div>
      {score.panel}
    </article>
  );
}
