import type { ReactElement } from 'react';
import type { FeedbackKind, PaperJson } from '../../domain/mod.ts';
import { useMarks } from '../hooks/use-marks.ts';
import { MarkButtons } from './mark-buttons.tsx';

/** Everything that a reader may say of a paper; what is pressed again is taken back. */
export function PaperMarks({ paper }: { readonly paper: PaperJson }): ReactElement {
  const marks = useMarks();
  const said = marks.feedbackOn(paper.id);
  const opinion = (kind: FeedbackKind, text: string, title: string): ReactElement => (
    <button
      type="button"
      className="toggle"
      aria-pressed={said === kind}
      title={title}
      onClick={() => (said === kind ? marks.forget(paper) : marks.tell(paper, kind))}
    >
      {text}
    </button>
  );
  return (
    <fieldset className="paper-marks" aria-label="What you say of this paper">
      <MarkButtons paper={paper} />
      {opinion('like', 'Like', 'Your feed shows more like it')}
      {opinion('not-this-kind', 'Not this kind', 'Your feed shows less of its kind')}
    </fieldset>
  );
}
