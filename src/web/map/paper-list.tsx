import type { ReactElement } from 'react';
import type { MapPaper } from '../../domain/mod.ts';
import { Link } from '../components/link.tsx';
import { RichText } from '../components/rich-text.tsx';
import { paperPath } from '../routes.ts';

/** Titles that lead to their papers. */
export function PaperList({ papers }: { readonly papers: readonly MapPaper[] }): ReactElement {
  return (
    <ul className="map-papers">
      {papers.map(({ row, paper }) => (
        <li key={row}>
          <Link to={paperPath(paper.id)}>
            <RichText text={paper.title || paper.id} />
          </Link>
          {paper.year !== null && <span className="map-year"> {paper.year}</span>}
        </li>
      ))}
    </ul>
  );
}
