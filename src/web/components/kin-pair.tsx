import { useState, type ReactElement } from 'react';
import type { Counterpart, Evidence, PaperJson } from '../../domain/mod.ts';
import { paperPath } from '../routes.ts';
import { Abstract } from './abstract.tsx';
import { Link } from './link.tsx';
import { RichText } from './rich-text.tsx';

interface KinPairProps {
  /** Whose page it is. */
  readonly of: PaperJson;
  readonly hit: PaperJson;
  readonly evidence: Evidence;
  readonly counterpart: Counterpart;
  readonly titleOf: (id: string) => string | undefined;
}

/** Why a paper is kin: a sentence of the one beside the sentence of the other that says nearly the same. */
export function KinPair({ of, hit, evidence, counterpart, titleOf }: KinPairProps): ReactElement {
  const [extent, setExtent] = useState<'pair' | 'abstract'>('pair');
  const isOwn = counterpart.paper === of.id;
  return (
    <div className="pair">
      <dl>
        <div>
          <dt>
            {isOwn ? (
              'This paper'
            ) : (
              <Link to={paperPath(counterpart.paper)}>
                <RichText text={titleOf(counterpart.paper) ?? counterpart.paper} />
              </Link>
            )}
          </dt>
          <dd>
            <RichText text={counterpart.text} />
          </dd>
        </div>
        <div>
          <dt>That paper</dt>
          <dd>
            <RichText text={evidence.text} />
          </dd>
        </div>
      </dl>
      {extent === 'abstract' && <Abstract abstract={hit.abstract} evidence={evidence} />}
      <button
        type="button"
        className="text-button"
        aria-expanded={extent === 'abstract'}
        onClick={() => setExtent(extent === 'abstract' ? 'pair' : 'abstract')}
      >
        {extent === 'abstract' ? 'Hide the abstract' : 'Show in the abstract'}
      </button>
    </div>
  );
}
