import { useEffect, useState, type ReactElement } from 'react';
import { Authors } from '../components/byline.tsx';
import { Link } from '../components/link.tsx';
import { MarkButtons } from '../components/mark-buttons.tsx';
import { RichText } from '../components/rich-text.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { paperPath } from '../routes.ts';
import { papersAtRequest } from './requests.ts';

/** A point under the mouse is asked for when the mouse rests on it. */
const HOVER_MS = 80;

/** Title and marks of the point that is looked at. */
export function PointCard({
  layout,
  row,
}: {
  readonly layout: number;
  readonly row: number | undefined;
}): ReactElement | null {
  const [settled, setSettled] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(row), row === undefined ? 0 : HOVER_MS);
    return () => clearTimeout(timer);
  }, [row]);
  const { value } = useAnswer(settled === undefined ? undefined : papersAtRequest(layout, [settled]));
  const paper = value?.papers.find((one) => one.row === settled)?.paper;
  if (!paper || settled === undefined) return null;
  return (
    <article className="map-card" aria-label="Paper looked at">
      <h3>
        <Link to={paperPath(paper.id)}>
          <RichText text={paper.title || paper.id} />
        </Link>
      </h3>
      <p className="byline">
        <Authors names={paper.authors} />
        {paper.year !== null && ` · ${paper.year}`}
      </p>
      <div className="map-card-marks">
        <MarkButtons paper={paper} />
      </div>
    </article>
  );
}
