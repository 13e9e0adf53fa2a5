import { useId, useState, type ReactElement } from 'react';
import { type Addition, type Explanation, type Hit, type SideScore, type Stage, STAGES } from '../../domain/mod.ts';
import { countText } from '../numbers.ts';

const number = (value: number, digits = 2): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');

const STAGE_NAMES: { readonly [stage in Stage]: string } = {
  rest: 'The end of its abstract is near the query',
  coverage: 'It has the words of the query',
  nearness: 'It has them side by side',
  alignment: 'It has words that mean the same',
  feedback: 'It is like the best papers found',
  neighbours: 'Papers like it were found, too',
};

const WORDS = 'Its words, by how rare they are';
const MEANING = 'Its meaning';

interface Part {
  readonly name: string;
  readonly adds: number;
}

const added = ({ value, weight }: Addition): number => value * weight;

/** What adds up to the score, as it was added up. */
function partsOf({ lexical, dense, author, facet, ...stages }: Explanation): Part[] {
  const side = (name: string, score: SideScore | null): Part[] =>
    score ? [{ name, adds: score.weight * score.scaled }] : [];
  return [
    ...side(WORDS, lexical),
    ...side(MEANING, dense),
    ...STAGES.flatMap((stage): Part[] => {
      const addition = stages[stage];
      return addition ? [{ name: STAGE_NAMES[stage], adds: added(addition) }] : [];
    }),
    ...(facet ? [{ name: 'What it says of the facet', adds: added(facet) }] : []),
    ...(author === undefined ? [] : [{ name: 'An author that the query names', adds: author }]),
  ];
}

/** One side of the search in a sentence. */
function Side({
  name,
  of,
  side,
}: {
  readonly name: string;
  readonly of: string;
  readonly side: SideScore | null;
}): ReactElement {
  const { rank = null, score = null } = side ?? {};
  return (
    <div className="why-side">
      <dt>{name}</dt>
      <dd>
        <strong>
          {side === null ? 'not asked, or not found' : rank === null ? 'not among the best' : `rank ${countText(rank)}`}
        </strong>
        {score !== null && ` · ${of} ${number(score)}`}
      </dd>
    </div>
  );
}

/** What acts besides the sum. */
function remarksOf({ explanation, score, relevance }: Hit & { readonly explanation: Explanation }): string[] {
  const { exact, recency, trend, rerank } = explanation;
  const remarks: string[] = [];
  if (exact) remarks.push(`It comes first because the query is its ${exact}.`);
  if (relevance !== undefined && !exact) {
    remarks.push(`Papers with such a score answer the query in about ${Math.round(relevance * 100)} of 100 cases.`);
  }
  if (recency !== undefined) remarks.push(`For its age the sum is taken times ${number(recency)}.`);
  if (trend !== undefined) {
    remarks.push(
      trend > 0
        ? `Votes of readers give it its place: they count for ${trend.toPrecision(2)} today, as they fade with age.`
        : 'Nobody has voted for it: it follows those with votes.',
    );
  }
  if (rerank) remarks.push(`A cross-encoder put it at ${rerank.rank}, with ${number(rerank.score)}.`);
  if (score < 0) remarks.push('Below 0 are papers that only a long list reaches.');
  return remarks;
}

function Why({ hit, explanation }: { readonly hit: Hit; readonly explanation: Explanation }): ReactElement {
  const parts = partsOf(explanation);
  const most = Math.max(0.001, ...parts.map(({ adds }) => adds));
  return (
    <div className="why">
      <dl className="why-sides">
        <Side name="By words" of="BM25" side={explanation.lexical} />
        <Side name="By meaning" of="cosine" side={explanation.dense} />
      </dl>
      <table className="why-parts">
        <caption className="visually-hidden">What adds up to the score</caption>
        <tbody>
          {parts.map(({ name, adds }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="why-bar" aria-hidden="true">
                <svg viewBox="0 0 100 8" preserveAspectRatio="none">
                  <rect width={Math.max(0, (adds / most) * 100)} height="8" />
                </svg>
              </td>
              <td className="why-number">{number(adds)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Score
            </th>
            <td className="why-number">{number(hit.score)}</td>
          </tr>
        </tfoot>
      </table>
      {remarksOf({ ...hit, explanation }).map((remark) => (
        <p key={remark}>{remark}</p>
      ))}
    </div>
  );
}

/** Why a hit is where it is. Laid out by the caller: a button, and a panel for elsewhere. */
export function useScore(hit: Hit): {
  readonly button: ReactElement | null;
  readonly panel: ReactElement | null;
} {
  const { explanation } = hit;
  const [state, setState] = useState<'closed' | 'open'>('closed');
  const id = useId();
  if (!explanation) return { button: null, panel: null };
  const button = (
    <button
      type="button"
      className="text-button why-button"
      aria-expanded={state === 'open'}
      aria-controls={id}
      onClick={() => setState(state === 'open' ? 'closed' : 'open')}
    >
      Why this?
    </button>
  );
  const panel = (
    <div id={id} hidden={state === 'closed'}>
      {state === 'open' && <Why hit={hit} explanation={explanation} />}
    </div>
  );
  return { button, panel };
}
