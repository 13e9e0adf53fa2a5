import { useId, type ReactElement } from 'react';
import { FACETS, type Facet, type Hit, type PaperJson } from '../../domain/mod.ts';
import { relatedRequest } from '../api/requests.ts';
import type { Side } from '../api/tray.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { navigate } from '../hooks/use-route.ts';
import { useTray, type TrayInUse } from '../hooks/use-tray.ts';
import { paperPath } from '../routes.ts';
import { HitCard } from './hit-card.tsx';
import { KinPair } from './kin-pair.tsx';
import { DegradedNotice, HitsSkeleton, ProblemNotice } from './notices.tsx';

const KIN = 10;

const ALIKE: { readonly [facet in Facet]: string } = { problem: 'Problem', method: 'Method', result: 'Result' };

function SideButtons({ paper, tray }: { readonly paper: PaperJson; readonly tray: TrayInUse }): ReactElement {
  const button = (side: Side, text: string): ReactElement => (
    <button
      type="button"
      className="toggle"
      aria-pressed={tray.sideOf(paper.id) === side}
      aria-label={`${text}: ${paper.title || paper.id}`}
      onClick={() => tray.toggle(paper, side)}
    >
      {text}
    </button>
  );
  return (
    <>
      {button('more', 'More like this')}
      {button('less', 'Not like this')}
    </>
  );
}

interface FacetChoiceProps {
  readonly facet: Facet | '';
  readonly onFacet: (facet: Facet | '') => void;
}

function FacetChoice({ facet, onFacet }: FacetChoiceProps): ReactElement {
  const name = useId();
  return (
    <fieldset className="facet-choice">
      <legend className="visually-hidden">What kin have in common</legend>
      <div className="segmented">
        {(['', ...FACETS] as const).map((choice) => (
          <label key={choice} title={choice === '' ? 'Alike as a whole' : `The same ${choice}`}>
            <input type="radio" name={name} checked={choice === facet} onChange={() => onFacet(choice)} />
            <span>{choice === '' ? 'All' : ALIKE[choice]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface KinProps {
  readonly paper: PaperJson;
  readonly facet: Facet | '';
}

/** The papers closest to this one, as a whole or by a facet, steered by the tray. */
export function Kin({ paper, facet }: KinProps): ReactElement {
  const tray = useTray();
  const others = tray.list.filter(({ id }) => id !== paper.id);
  const on = (side: Side): string[] => others.filter((one) => one.side === side).map(({ id }) => id);
  const asked = useAnswer(relatedRequest({ more: [paper.id, ...on('more')], less: on('less'), facet, k: KIN }));
  const answer = asked.value;
  const titleOf = (wanted: string): string | undefined => tray.list.find(({ id }) => id === wanted)?.title;
  const pair = ({ evidence, counterpart, paper: hit }: Hit): ReactElement | undefined =>
    evidence && counterpart ? (
      <KinPair key={`${evidence.start} ${counterpart.paper}`} {...{ of: paper, hit, evidence, counterpart, titleOf }} />
    ) : undefined;
  return (
    <section id="kin" className="kin" aria-labelledby="kin-heading" aria-busy={asked.state === 'loading'}>
      <div className="section-head">
        <h2 id="kin-heading">Kin</h2>
        <FacetChoice facet={facet} onFacet={(chosen) => navigate(paperPath(paper.id, chosen), 'replace')} />
      </div>
      <output className="result-count">
        {asked.state === 'ready' && found(asked.value.hits.length, others.length)}
        {asked.state === 'loading' && 'Looking …'}
      </output>
      {asked.state === 'failed' && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
      {answer && <DegradedNotice degraded={answer.degraded} />}
      {!answer && asked.state === 'loading' && <HitsSkeleton count={3} />}
      {asked.state === 'ready' && asked.value.hits.length === 0 && (
        <p className="message">No other paper in this library is close to this one.</p>
      )}
      <div className="hits">
        {answer?.hits.map((hit) => (
          <HitCard
            key={hit.paper.id}
            hit={hit}
            body={pair(hit)}
            actions={<SideButtons paper={hit.paper} tray={tray} />}
          />
        ))}
      </div>
    </section>
  );
}

function found(papers: number, collected: number): string {
  const closest = papers === 1 ? '1 closest paper' : `${papers} closest papers`;
  return collected === 0 ? closest : `${closest}, steered by the tray`;
}
