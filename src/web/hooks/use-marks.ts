import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
import type { FeedbackKind, MarksJson, PaperJson, ReadingState } from '../../domain/mod.ts';
import type { Change } from '../api/client.ts';
import { keyOf, marksRequest } from '../api/requests.ts';
import { useServices } from '../services.ts';
import { useAnswer } from './use-answer.ts';
import { useChange } from './use-change.ts';

/** What the reader keeps and said, and how to change it. Every change shows at once, is told, and can be taken back. */
export interface Marks {
  readonly stateOf: (paper: string) => ReadingState | undefined;
  readonly feedbackOn: (paper: string) => FeedbackKind | undefined;
  readonly save: (paper: PaperJson) => void;
  readonly unsave: (paper: PaperJson) => void;
  readonly tell: (paper: PaperJson, kind: FeedbackKind) => void;
  readonly forget: (paper: PaperJson) => void;
}

/** What follows from what is saved and said. The feed is left as it is until it is asked for: no item moves under the eye. */
const FOLLOWS = ['/api/marks', '/api/library', '/api/feedback', '/api/profile'];

const SAID: { readonly [kind in FeedbackKind]: string } = {
  like: 'Liked',
  'not-this-paper': 'Dismissed',
  'not-this-kind': 'Dismissed, with others of its kind',
};

const shortTitle = (paper: PaperJson): string => {
  const title = paper.title || paper.id;
  return title.length > 60 ? `${title.slice(0, 59).trimEnd()}…` : title;
};

const without = <T extends { readonly id: string }>(list: readonly T[], id: string): T[] =>
  list.filter((one) => one.id !== id);

/** Asks for the marks, once for the whole page: a list has them at every paper. */
export function useReadersMarks(): Marks {
  const { toasts } = useServices();
  const queries = useQueryClient();
  const { value } = useAnswer(marksRequest);
  const { change } = useChange(FOLLOWS);

  return useMemo(() => {
    const states = new Map(value?.saved.map(({ id, state }) => [id, state]));
    const said = new Map(value?.feedback.map(({ id, kind }) => [id, kind]));
    /** Shown before the server has answered; where it refuses, what it knows is asked for and shown again. */
    const apply = async (wanted: Change, patch: (marks: MarksJson) => MarksJson): Promise<boolean> => {
      await queries.cancelQueries({ queryKey: keyOf(marksRequest) });
      queries.setQueryData<MarksJson>(keyOf(marksRequest), (marks) => patch(marks ?? { saved: [], feedback: [] }));
      try {
        await change(wanted);
        return true;
      } catch {
        // Told as a toast already.
        return false;
      }
    };
    const setSaved = (id: string, state: ReadingState | undefined): Promise<boolean> =>
      apply(
        state === undefined
          ? { method: 'DELETE', url: `/api/library/${encodeURIComponent(id)}` }
          : { method: 'PUT', url: `/api/library/${encodeURIComponent(id)}`, body: { state } },
        (marks) => ({
          ...marks,
          saved: [...without(marks.saved, id), ...(state === undefined ? [] : [{ id, state }])],
        }),
      );
    const setSaid = (id: string, kind: FeedbackKind | undefined): Promise<boolean> =>
      apply(
        kind === undefined
          ? { method: 'DELETE', url: `/api/feedback/${encodeURIComponent(id)}` }
          : { method: 'PUT', url: `/api/feedback/${encodeURIComponent(id)}`, body: { kind } },
        (marks) => ({
          ...marks,
          feedback: [...without(marks.feedback, id), ...(kind === undefined ? [] : [{ id, kind }])],
        }),
      );
    const told = async (done: Promise<boolean>, text: string, undo: () => void): Promise<void> => {
      if (await done) toasts.show({ kind: 'done', text, undo });
    };
    return {
      stateOf: (id) => states.get(id),
      feedbackOn: (id) => said.get(id),
      save: (paper) => {
        void told(
          setSaved(paper.id, 'to-read'),
          `Saved: ${shortTitle(paper)}`,
          () => void setSaved(paper.id, undefined),
        );
      },
      unsave: (paper) => {
        const before = states.get(paper.id);
        const undo = (): void => void setSaved(paper.id, before ?? 'to-read');
        void told(setSaved(paper.id, undefined), `No longer saved: ${shortTitle(paper)}`, undo);
      },
      tell: (paper, kind) => {
        const before = said.get(paper.id);
        void told(setSaid(paper.id, kind), `${SAID[kind]}: ${shortTitle(paper)}`, () => void setSaid(paper.id, before));
      },
      forget: (paper) => {
        const before = said.get(paper.id);
        if (before === undefined) return;
        const undo = (): void => void setSaid(paper.id, before);
        void told(setSaid(paper.id, undefined), `Taken back: ${shortTitle(paper)}`, undo);
      },
    };
  }, [value, change, queries, toasts]);
}

export const MarksContext = createContext<Marks | undefined>(undefined);

export function useMarks(): Marks {
  const marks = useContext(MarksContext);
  if (!marks) throw new Error('a component is rendered outside MarksContext');
  return marks;
}
