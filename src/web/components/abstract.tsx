import { useId, useState, type ReactElement } from 'react';
import type { Evidence } from '../../domain/mod.ts';
import { snippetOf } from '../text/snippet.ts';
import { segmentsOf } from '../text/tex.ts';
import { RichText } from './rich-text.tsx';

interface AbstractProps {
  readonly abstract: string;
  readonly evidence: Evidence | null;
}

/** The abstract of a hit: shortened around its evidence, whole on request. */
export function Abstract({ abstract, evidence }: AbstractProps): ReactElement {
  const [extent, setExtent] = useState<'snippet' | 'whole'>('snippet');
  const id = useId();
  if (abstract === '') return <p className="abstract no-abstract">No abstract is known for this paper.</p>;
  const marked = evidence ?? undefined;
  const snippet = snippetOf(abstract, segmentsOf(abstract), marked);
  const whole = { start: 0, end: abstract.length };
  const shown = extent === 'whole' ? whole : snippet;
  const shortened = snippet.start > 0 || snippet.end < abstract.length;
  return (
    <div className="abstract">
      <p id={id}>
        {shown.start > 0 && '…\u00A0'}
        <RichText text={abstract} shown={shown} evidence={marked} />
        {shown.end < abstract.length && '\u00A0…'}
      </p>
      {shortened && (
        <button
          type="button"
          className="text-button"
          aria-expanded={extent === 'whole'}
          aria-controls={id}
          onClick={() => setExtent(extent === 'whole' ? 'snippet' : 'whole')}
        >
          {extent === 'whole' ? 'Show less' : 'Show whole abstract'}
        </button>
      )}
    </div>
  );
}
