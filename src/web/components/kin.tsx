import { useState, type ReactElement } from 'react';
import type { PaperJson } from '../../domain/mod.ts';
import { relatedRequest } from '../api/requests.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { HitCard } from './hit-card.tsx';
import { DegradedNotice, HitsSkeleton, ProblemNotice } from './notices.tsx';
import { RichText } from './rich-text.tsx';

const KIN = 10;

type Opinion = 'more' | 'less';

interface Judged {
  readonly id: string;
  readonly title: string;
  readonly opinion: Opinion;
}

interface OpinionButtonsProps {
  readonly paper: PaperJson;
  readonly opinion: Opinion | undefined;
  readonly onOpinion: (opinion: Opinion) => void;
}

function OpinionButtons({ paper, opinion, onOpinion }: OpinionButtonsProps): ReactElement {
  const button = (kind: Opinion, text: string): ReactElement => (
    <button
      type="button"
      className="toggle"
      aria-pressed={opinion === kind}
      aria-label={`${text}: ${paper.title}`}
      onClick={() => onOpinion(kind)}
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

interface JudgedListProps {
  readonly judged: readonly Judged[];
  readonly onForget: (id: string) => void;
  readonly onReset: () => void;
}

/** What refines the list. The papers themselves may have left it, so they are taken back here. */
function JudgedList({ judged, onForget, onReset }: JudgedListProps): ReactElement {
  return (
    <div className="judged">
      <ul className="chips" aria-label="What refines this list">
        {judged.map(({ id, title, opinion }) => (
          <li key={id}>
            <button
              type="button"
              className="chip chip-set chip-title"
              onClick={() => onForget(id)}
              aria-label={`Forget ${title}`}
            >
              <span className={`opinion opinion-${opinion}`}>{opinion === 'more' ? 'More' : 'Less'}</span>
              <span className="chip-text">
                <RichText text={title} />
              </span>
              <span aria-hidden="true">×</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="text-button" onClick={onReset}>
        Start over
      </button>
    </div>
  );
}

/** The papers closest to this one, steered by what the reader thinks of them. */
export function Kin({ paper }: { readonly paper: PaperJson }): ReactElement {
  const [judged, setJudged] = useState<readonly Judged[]>([]);
  const of = (opinion: Opinion): string[] => judged.filter((one) => one.opinion === opinion).map(({ id }) => id);
  const asked = useAnswer(relatedRequest(paper.id, { more: of('more'), less: of('less') }, KIN));
  const answer = asked.value;
  const forget = (id: string): void => setJudged((list) => list.filter((one) => one.id !== id));
  const judge = ({ id, title }: PaperJson, opinion: Opinion): void => {
    const again = judged.some((one) => one.id === id && one.opinion === opinion);
    setJudged((list) => [...list.filter((one) => one.id !== id), ...(again ? [] : [{ id, title, opinion }])]);
  };
  return (
    <section id="kin" className="kin" aria-labelledby="kin-heading" aria-busy={asked.state === 'loading'}>
      <div className="section-head">
        <h2 id="kin-heading">Kin</h2>
        <output className="result-count">
          {asked.state === 'ready' && `${asked.value.hits.length} closest papers`}
          {asked.state === 'loading' && 'Looking …'}
        </output>
      </div>
      {judged.length > 0 && <JudgedList judged={judged} onForget={forget} onReset={() => setJudged([])} />}
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
            actions={
              <OpinionButtons
                paper={hit.paper}
                opinion={judged.find((one) => one.id === hit.paper.id)?.opinion}
                onOpinion={(opinion) => judge(hit.paper, opinion)}
              />
            }
          />
        ))}
      </div>
    </section>
  );
}
