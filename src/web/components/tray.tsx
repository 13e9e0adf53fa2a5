import { useEffect, useId, useRef, useState, type FormEvent, type ReactElement } from 'react';
import type { Collected, Side } from '../api/tray.ts';
import { formatFilterValue, PERSON_LIMITS, type PaperJson } from '../../domain/mod.ts';
import { useNewTopic } from '../hooks/use-new-topic.ts';
import { useTray, type TrayInUse } from '../hooks/use-tray.ts';
import { paperPath, searchPath } from '../routes.ts';
import { plainText } from '../text/tex.ts';
import { Link } from './link.tsx';
import { RichText } from './rich-text.tsx';

const SIDES: { readonly [side in Side]: string } = { more: 'More like', less: 'Not like' };

interface SideListProps {
  readonly side: Side;
  readonly tray: TrayInUse;
}

function SideList({ side, tray }: SideListProps): ReactElement | null {
  const heading = useId();
  const papers = tray.list.filter((collected) => collected.side === side);
  if (papers.length === 0) return null;
  return (
    <div className={`tray-side tray-${side}`}>
      <h3 id={heading}>{SIDES[side]}</h3>
      <ul aria-labelledby={heading}>
        {papers.map(({ id, title }) => (
          <li key={id}>
            <Link to={paperPath(id)}>
              <RichText text={title} />
            </Link>
            <button
              type="button"
              className="quiet-button tray-drop"
              aria-label={`Take out: ${plainText(title)}`}
              title="Take out"
              onClick={() => tray.drop(id)}
            >
              <span aria-hidden="true">×</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Makes a topic of the papers that more is wanted of. */
function TopicForm({
  papers,
  onDone,
}: {
  readonly papers: readonly Collected[];
  readonly onDone: () => void;
}): ReactElement {
  const { make, pending } = useNewTopic();
  const [name, setName] = useState(() => plainText(papers[0]?.title ?? '').slice(0, 60));
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const save = async (): Promise<void> => {
    const topic = { name: name.trim(), papers: papers.map((paper) => paper.id) };
    // Where it was refused the name stays in the field.
    if (await make(topic, `Topic made: ${topic.name}. Your next feed follows it.`)) onDone();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <form className="field tray-topic" onSubmit={submit}>
      <label htmlFor={id}>Name of the topic</label>
      <input
        id={id}
        value={name}
        maxLength={PERSON_LIMITS.nameCharacters}
        required
        ref={field}
        onChange={(event) => setName(event.target.value)}
      />
      <p className="hint">
        It is made of the papers under “More like”. A topic cannot keep away from papers: those under “Not like” are
        left out.
      </p>
      <div className="field-row">
        <button type="submit" className="button" disabled={pending}>
          Save topic
        </button>
        <button type="button" className="text-button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** The filter that lets these papers through: a search takes it as an example of what is looked for. */
const examplesOf = (papers: readonly Collected[]): string =>
  papers.map(({ id }) => `id:${formatFilterValue(id)}`).join(' ');

/** Papers collected as more or less of what is wanted. It comes along from paper to paper and steers what is shown as kin. */
export function TrayPanel({ paper }: { readonly paper: PaperJson }): ReactElement {
  const tray = useTray();
  const [naming, setNaming] = useState<'closed' | 'open'>('closed');
  const heading = useId();
  const more = tray.list.filter(({ side }) => side === 'more');
  const less = tray.list.filter(({ side }) => side === 'less');
  return (
    <section className="tray" aria-labelledby={heading}>
      <div className="section-head">
        <h2 id={heading}>Tray</h2>
        {tray.list.length > 0 && (
          <button type="button" className="text-button" onClick={tray.empty}>
            Empty
          </button>
        )}
      </div>
      {tray.list.length === 0 && (
        <p className="hint">
          Mark papers with “More like this” or “Not like this”. The kin follow at once, and the tray comes along to the
          next paper.
        </p>
      )}
      <SideList side="more" tray={tray} />
      <SideList side="less" tray={tray} />
      {tray.sideOf(paper.id) === undefined && (
        <button type="button" className="text-button" onClick={() => tray.toggle(paper, 'more')}>
          Add this paper
        </button>
      )}
      {more.length > 0 && naming === 'closed' && (
        <div className="field-row">
          <button type="button" className="button" onClick={() => setNaming('open')}>
            Save as topic
          </button>
          <Link to={searchPath({ like: examplesOf(more), unlike: examplesOf(less) })}>Open in search</Link>
        </div>
      )}
      {more.length > 0 && naming === 'open' && <TopicForm papers={more} onDone={() => setNaming('closed')} />}
    </section>
  );
}
