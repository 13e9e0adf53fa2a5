import { useState, type ReactElement } from 'react';
import type { SavedPair, SavedPaperJson } from '../../../domain/mod.ts';
import { duplicatesRequest } from '../../api/library-requests.ts';
import { personRequest } from '../../api/settings-requests.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import type { LibraryChanges } from '../../hooks/use-library-changes.ts';
import { shortDayText } from '../../days.ts';
import { countText } from '../../numbers.ts';
import { paperPath } from '../../routes.ts';
import { Abstract } from '../abstract.tsx';
import { Byline } from '../byline.tsx';
import { Dialog } from '../dialog.tsx';
import { Link } from '../link.tsx';
import { RichText } from '../rich-text.tsx';
import { STATE_NAMES } from './row.tsx';

type Changes = Pick<LibraryChanges, 'settle' | 'pending'>;

interface SideProps {
  readonly saved: SavedPaperJson;
  readonly pending: boolean;
  readonly onKeep: () => void;
}

/** One of two papers, with all that may tell them apart. */
function Side({ saved, pending, onKeep }: SideProps): ReactElement {
  const { id, paper, state, tags, note, savedAt } = saved;
  const title = paper?.title || id;
  return (
    <article className="pair-side">
      <h3>
        <Link to={paperPath(id)}>
          <RichText text={title} />
        </Link>
      </h3>
      {paper && <Byline paper={paper} />}
      <p className="pair-said">
        {id}
        {paper && ` · from ${paper.sources.join(', ')}`}
      </p>
      {paper && <Abstract abstract={paper.abstract} evidence={null} />}
      <p className="pair-said">
        {STATE_NAMES[state]} · saved {shortDayText(savedAt)}
        {note !== '' && ` · “${note}”`}
      </p>
      {tags.length > 0 && (
        <ul className="chips" aria-label="Tags">
          {tags.map((tag) => (
            <li className="chip" key={tag}>
              {tag}
            </li>
          ))}
        </ul>
      )}
      <button
        type="button"
        className="button pair-keep"
        disabled={pending}
        onClick={onKeep}
        aria-label={`The same: keep this one, ${id}`}
      >
        The same: keep this one
      </button>
    </article>
  );
}

const nameOf = ({ a, b }: SavedPair): string => `${a.id} ${b.id}`;

const percent = (share: number): string => `${Math.floor(share * 100)} %`;

interface DuplicatesDialogProps {
  readonly pairs: readonly SavedPair[];
  readonly changes: Changes;
  readonly onClose: () => void;
}

/** Pair by pair, the likeliest first. */
function DuplicatesDialog({ pairs, changes, onClose }: DuplicatesDialogProps): ReactElement {
  const [later, setLater] = useState<ReadonlySet<string>>(new Set());
  // For as long as the list is the one in which they were: one that is taken back stands in the next again.
  const [settled, setSettled] = useState({ pairs, names: [] as readonly string[] });
  const gone = settled.pairs === pairs ? settled.names : [];
  const left = pairs.filter((pair) => !later.has(nameOf(pair)) && !gone.includes(nameOf(pair)));
  const [pair] = left;
  const settle = async (one: Pick<SavedPair, 'a' | 'b'>, verdict: 'same' | 'different'): Promise<void> => {
    if (pair && (await changes.settle(one, verdict))) setSettled({ pairs, names: [...gone, nameOf(pair)] });
  };
  return (
    <Dialog title="Possible duplicates" onClose={onClose}>
      <output aria-live="polite">
        {pair ? `Are these one paper? ${countText(left.length)} to look at.` : 'Nothing is left to look at.'}
      </output>
      {pair ? (
        <>
          <p className="pair-said">
            {pair.cosine !== null && `Texts alike by ${percent(pair.cosine)}, `}titles by {percent(pair.title)}. The one
            that is kept gets the tags and notes of both.
          </p>
          <div className="pair" key={nameOf(pair)}>
            <Side saved={pair.a} pending={changes.pending} onKeep={() => void settle(pair, 'same')} />
            <Side
              saved={pair.b}
              pending={changes.pending}
              onKeep={() => void settle({ a: pair.b, b: pair.a }, 'same')}
            />
          </div>
          <div className="dialog-actions">
            <button
              type="button"
              className="button"
              disabled={changes.pending}
              onClick={() => void settle(pair, 'different')}
            >
              They are different
            </button>
            <button
              type="button"
              className="text-button"
              onClick={() => setLater((before) => new Set([...before, nameOf(pair)]))}
            >
              Decide later
            </button>
          </div>
        </>
      ) : (
        <div className="dialog-actions">
          <button type="button" className="button button-main" onClick={onClose}>
            Back to the library
          </button>
        </div>
      )}
    </Dialog>
  );
}

/** Says how many saved papers may be there twice, to whoever may settle that: the collection is everybody's. */
export function Duplicates({ changes }: { readonly changes: Changes }): ReactElement | null {
  const person = useAnswer(personRequest);
  const { value } = useAnswer(person.value?.isDefault ? duplicatesRequest : undefined);
  const [isOpen, setOpen] = useState(false);
  const pairs = value?.pairs ?? [];
  const count = pairs.length;
  return (
    <>
      {count > 0 && (
        <button type="button" className="button library-duplicates" onClick={() => setOpen(true)}>
          {count === 1 ? '1 possible duplicate' : `${countText(count)} possible duplicates`}
        </button>
      )}
      {isOpen && <DuplicatesDialog pairs={pairs} changes={changes} onClose={() => setOpen(false)} />}
    </>
  );
}
