import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import type { Because, FeedItem, Fewer, PaperJson } from '../../../domain/mod.ts';
import type { Gone } from '../../feed-groups.ts';
import type { Marks } from '../../hooks/use-marks.ts';
import { paperPath } from '../../routes.ts';
import { Abstract } from '../abstract.tsx';
import { Byline } from '../byline.tsx';
import { Link } from '../link.tsx';
import { MarkButtons } from '../mark-buttons.tsx';
import { RichText } from '../rich-text.tsx';
import { FewerList } from './fewer-list.tsx';

const percent = (share: number): string => `${Math.round(100 * share)}\u00A0%`;

function ReasonPart({ reason, of }: { readonly reason: Because; readonly of: 'one' | 'several' }): ReactElement {
  const { paper, title, weight } = reason;
  return (
    <>
      {paper === null ? (
        <span className="reason-topic">your topic “{title}”</span>
      ) : (
        <Link to={paperPath(paper)}>
          <RichText text={title} />
        </Link>
      )}
      {of === 'several' && (
        <span className="reason-weight" title="How much of the reason this is">
          {' '}
          {percent(weight)}
        </span>
      )}
    </>
  );
}

/** Why an item is there, with what it follows from. */
function Reason({ item }: { readonly item: FeedItem }): ReactElement | null {
  const { because } = item;
  if (because.length === 0) return null;
  return (
    <p className="reason">
      <span className="reason-lead">Because of</span>{' '}
      {because.map((reason, at) => (
        <span key={reason.paper ?? reason.title}>
          {at > 0 && (at === because.length - 1 ? ' and ' : ', ')}
          <ReasonPart reason={reason} of={because.length === 1 ? 'one' : 'several'} />
        </span>
      ))}
    </p>
  );
}

function LikeButton({ paper, marks }: { readonly paper: PaperJson; readonly marks: Marks }): ReactElement {
  const liked = marks.feedbackOn(paper.id) === 'like';
  return (
    <button
      type="button"
      className="toggle"
      aria-pressed={liked}
      aria-label={`${liked ? 'Liked' : 'Like'}: ${paper.title || paper.id}`}
      onClick={() => (liked ? marks.forget(paper) : marks.tell(paper, 'like'))}
    >
      {liked ? 'Liked' : 'Like'}
    </button>
  );
}

interface FeedItemProps {
  readonly item: FeedItem;
  readonly marks: Marks;
  readonly gone: Gone | undefined;
  readonly watch: (element: HTMLElement | null) => (() => void) | undefined;
  readonly onFewer: (fewer: Fewer) => void;
  readonly onUndo: (fewer: Fewer) => void;
}

const SAYS: { readonly [action in Fewer['action']]: (value: string) => string } = {
  'not-this-paper': () => 'Dismissed',
  'not-this-kind': () => 'Nothing of this kind',
  'hide-author': (value) => `Nothing by ${value}`,
  'hide-venue': (value) => `Nothing from ${value}`,
  'hide-term': (value) => `Nothing that says “${value}”`,
  'mute-interest': () => 'Interest muted',
};

/** What is left of an item that is gone: what was said, and the way back. Gone from the next feed altogether. */
function GoneFoot({ gone, onUndo }: { readonly gone: Gone; readonly onUndo: () => void }): ReactElement {
  const { fewer, items } = gone;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed has gone with the item; the keyboard goes on from the way back.
    if (document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, []);
  return (
    <p className="gone-foot">
      <span>
        {SAYS[fewer.action](fewer.value)}
        {items > 1 && `: ${items} papers left this feed`}
      </span>
      <button ref={button} type="button" className="text-button" data-mark="dismiss" onClick={onUndo}>
        Undo
      </button>
    </p>
  );
}

export function FeedItemCard({ item, marks, gone, watch, onFewer, onUndo }: FeedItemProps): ReactElement {
  const { paper, evidence, isNew, exploration } = item;
  const titleId = useId();
  const menuId = useId();
  const [menu, setMenu] = useState<'open' | 'closed'>('closed');
  return (
    <article
      ref={watch}
      className={gone ? 'hit feed-item feed-gone' : 'hit feed-item'}
      data-paper-id={paper.id}
      aria-labelledby={titleId}
    >
      <h3 className="hit-title" id={titleId}>
        <Link to={paperPath(paper.id)}>
          <RichText text={paper.title || paper.id} />
        </Link>
        {!gone && isNew && !exploration && <span className="badge">New</span>}
      </h3>
      {gone ? (
        <GoneFoot gone={gone} onUndo={() => onUndo(gone.fewer)} />
      ) : (
        <>
          <Byline paper={paper} />
          <Reason item={item} />
          <Abstract key={evidence?.start} abstract={paper.abstract} evidence={evidence} />
          <div className="feed-foot">
            <LikeButton paper={paper} marks={marks} />
            <MarkButtons paper={paper} />
            <button
              type="button"
              className="text-button fewer-button"
              aria-expanded={menu === 'open'}
              aria-controls={menuId}
              aria-label={`Fewer like this: ${paper.title || paper.id}`}
              onClick={() => setMenu(menu === 'open' ? 'closed' : 'open')}
            >
              Fewer like this
            </button>
          </div>
          <div id={menuId}>
            {menu === 'open' && (
              <FewerList
                item={item}
                onFewer={(fewer) => {
                  setMenu('closed');
                  onFewer(fewer);
                }}
              />
            )}
          </div>
        </>
      )}
    </article>
  );
}
