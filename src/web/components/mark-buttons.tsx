import type { ReactElement } from 'react';
import type { PaperJson } from '../../domain/mod.ts';
import { useMarks } from '../hooks/use-marks.ts';

/** Saves a paper, or dismisses it; pressed buttons take it back. The keys s and x press them. */
export function MarkButtons({ paper }: { readonly paper: PaperJson }): ReactElement {
  const marks = useMarks();
  const saved = marks.stateOf(paper.id) !== undefined;
  const feedback = marks.feedbackOn(paper.id);
  const dismissed = feedback !== undefined && feedback !== 'like';
  const name = paper.title || paper.id;
  return (
    <>
      <button
        type="button"
        className="toggle"
        data-mark="save"
        aria-pressed={saved}
        aria-label={`${saved ? 'Saved' : 'Save'}: ${name}`}
        onClick={() => (saved ? marks.unsave(paper) : marks.save(paper))}
      >
        {saved ? 'Saved' : 'Save'}
      </button>
      <button
        type="button"
        className="toggle"
        data-mark="dismiss"
        aria-pressed={dismissed}
        aria-label={`${dismissed ? 'Dismissed' : 'Dismiss'}: ${name}`}
        onClick={() => (dismissed ? marks.forget(paper) : marks.tell(paper, 'not-this-paper'))}
      >
        {dismissed ? 'Dismissed' : 'Dismiss'}
      </button>
    </>
  );
}
