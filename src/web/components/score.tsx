import { useId, useState, type ReactElement } from 'react';
import { type Addition, type Explanation, type Hit, type SideScore, type Stage, STAGES } from '../../domain/mod.ts';

const number = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : '–');

function Row({ name, side }: { readonly name: string; readonly side: SideScore | null }): ReactElement {
  if (!side) {
    return (
      <tr>
        <th scope="row">{name}</th>
        <td colSpan={5}>not asked</td>
      </tr>
    );
  }
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{side.rank ?? '–'}</td>
      <td>{side.score === null ? '–' : number(side.score)}</td>
      <td>{number(side.scaled)}</td>
      <td>{number(side.weight)}</td>
      <td>{number(side.weight * side.scaled)}</td>
    </tr>
  );
}

const STAGE_NAMES: { readonly [stage in Stage]: string } = {
  rest: 'End of the abstract',
  coverage: 'Words it has',
  nearness: 'Words side by side',
  alignment: 'Words that mean the same',
  feedback: 'Like the best hits',
  neighbours: 'Good neighbours',
};

function StageRow({ name, added }: { readonly name: string; readonly added: Addition }): ReactElement {
  return (
    <tr>
      <th scope="row" colSpan={3}>
        {name}
      </th>
      <td>{number(added.value)}</td>
      <td>{number(added.weight)}</td>
      <td>{number(added.weight * added.value)}</td>
    </tr>
  );
}

/** What acts on the sum of the sides. */
function Factor({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  return (
    <tr>
      <th scope="row" colSpan={5}>
        {name}
      </th>
      <td>{value}</td>
    </tr>
  );
}

function ExplanationTable({
  explanation,
  hit: { score, relevance },
}: {
  readonly explanation: Explanation;
  readonly hit: Hit;
}): ReactElement {
  return (
    <table className="explanation">
      <thead>
        <tr>
          <th scope="col">Side</th>
          <th scope="col">Rank</th>
          <th scope="col">Score</th>
          <th scope="col">Scaled</th>
          <th scope="col">Weight</th>
          <th scope="col">Adds</th>
        </tr>
      </thead>
      <tbody>
        <Row name="Words" side={explanation.lexical} />
        <Row name="Meaning" side={explanation.dense} />
        {STAGES.map((stage) => {
          const added = explanation[stage];
          return added && <StageRow key={stage} name={STAGE_NAMES[stage]} added={added} />;
        })}
        {explanation.author !== undefined && <Factor name="Author named" value={number(explanation.author)} />}
        {explanation.recency !== undefined && <Factor name="Recency" value={`× ${number(explanation.recency)}`} />}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={5}>
            {explanation.exact ? `Together, first as the query is its ${explanation.exact}` : 'Together'}
          </th>
          <td>{number(score)}</td>
        </tr>
        {relevance !== undefined && <Factor name="Probably relevant" value={relevance.toFixed(2)} />}
      </tfoot>
    </table>
  );
}

/** A hit's score and, behind it, how it came about. Laid out by the caller: a button, and a table for elsewhere. */
export function useScore(hit: Hit): {
  readonly button: ReactElement;
  readonly table: ReactElement | null;
} {
  const { score, explanation } = hit;
  const [state, setState] = useState<'closed' | 'open'>('closed');
  const id = useId();
  if (!explanation) return { button: <span className="score">Score {score.toFixed(2)}</span>, table: null };
  const button = (
    <button
      type="button"
      className="text-button score"
      aria-expanded={state === 'open'}
      aria-controls={id}
      title="How this score came about"
      onClick={() => setState(state === 'open' ? 'closed' : 'open')}
    >
      Score {score.toFixed(2)}
    </button>
  );
  const table = (
    <div id={id} className="explanation-frame" hidden={state === 'closed'}>
      {state === 'open' && <ExplanationTable explanation={explanation} hit={hit} />}
    </div>
  );
  return { button, table };
}
