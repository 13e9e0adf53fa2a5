import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
import type {
  FeedbackKind,
  MarksJson,
  PaperJson,
  ReadingState,
  SavedJson,
  SavedPaperJson,
  UnsavedJson,
} from '../../domain/mod.ts';
import type { Change } from '../api/client.ts';
import { isRecord, keyOf, marksRequest, savedRequest } from '../api/requests.ts';
import { useServices } from '../services.ts';
import { useAnswer } from './use-answer.ts';
import { useChange } from './use-change.ts';

/** What may be kept of a saved paper; what is absent stays as it is. */
export type Kept = Partial<Pick<SavedPaperJson, 'state' | 'tags' | 'note'>>;

/** What the reader keeps and said, and how to change it. Every change shows at once, is told, and can be taken back. */
export interface Marks {
  readonly stateOf: (paper: string) => ReadingState | undefined;
  readonly feedbackOn: (paper: string) => FeedbackKind | undefined;
  readonly save: (paper: PaperJson) => void;
  readonly unsave: (paper: PaperJson) => void;
  /** Changes what is kept of a paper; `before` puts it back. True once the server has it. */
  readonly keep: (
    paper: PaperJson,
    kept: Kept,
    told: { readonly before: Kept; readonly text: string },
  ) => Promise<boolean>;
  readonly tell: (paper: PaperJson, kind: FeedbackKind) => void;
  readonly forget: (paper: PaperJson) => void;
}

/** What follows from what is saved and said. The feed is left as it is until it is asked for: no item moves under the eye. */
const FOLLOWS = ['/api/marks', '/api/library', '/api/feedback', '/api/profile'];

/** Beside the answers to questions, the marks that the server is known to have while some are being changed. */
const KNOWN = ['known marks'];

const SAID: { readonly [kind in FeedbackKind]: string } = {
  like: 'Liked',
  'not-this-paper': 'Dismissed',
  'not-this-kind': 'Dismissed, with others of its kind',
};

const shortTitle = (paper: PaperJson): string => {
  const title = paper.title || paper.id;
  return title.length > 60 ? `${title.slice(0, 59).trimEnd()}…` : title;
};

/** A change that the server has made. */
interface Done {
  readonly answer: unknown;
}

/** What the server answers of a paper that was taken out: its tags and note come back with it. */
function wasKept(answer: unknown): Kept {
  const { was }: Partial<UnsavedJson> = isRecord(answer) ? answer : {};
  return was ? { state: was.state, tags: was.tags, note: was.note } : { state: 'to-read' };
}

const without = <T extends { readonly id: string }>(list: readonly T[], id: string): T[] =>
  list.filter((one) => one.id !== id);

/**
 * Asks for the marks, once for the whole page: a list has them at every paper. `in place`: the page itself shows what was said
 * and takes it back, so nothing is told beside it.
 */
export function useReadersMarks(telling: 'toast' | 'in place' = 'toast'): Marks {
  const { toasts } = useServices();
  const queries = useQueryClient();
  const { value } = useAnswer(marksRequest);
  const { change } = useChange(FOLLOWS);

  return useMemo(() => {
    const states = new Map(value?.saved.map(({ id, state }) => [id, state]));
    const said = new Map(value?.feedback.map(({ id, kind }) => [id, kind]));
    /**
     * Shown before the server has answered; where it refuses, what it knows is asked for and shown again. One that has gone
     * does not say: what it knew, with what it has changed since, is kept beside what is shown.
     */
    const apply = async (wanted: Change, patch: (marks: MarksJson) => MarksJson): Promise<Done | undefined> => {
      const shown = keyOf(marksRequest);
      await queries.cancelQueries({ queryKey: shown });
      const isChanging = (): boolean => queries.isMutating({ mutationKey: FOLLOWS }) > 0;
      if (!isChanging()) queries.setQueryData<MarksJson>(KNOWN, queries.getQueryData<MarksJson>(shown));
      queries.setQueryData<MarksJson>(shown, (marks) => patch(marks ?? { saved: [], feedback: [] }));
      try {
        const answer = await change(wanted);
        queries.setQueryData<MarksJson>(KNOWN, (marks) => marks && patch(marks));
        return { answer };
      } catch {
        // Told as a toast already.
        const isUnknown = !isChanging() && queries.getQueryState(shown)?.status === 'error';
        if (isUnknown) queries.setQueryData<MarksJson>(shown, queries.getQueryData<MarksJson>(KNOWN));
        return undefined;
      }
    };
    const url = (id: string): string => `/api/library/${encodeURIComponent(id)}`;
    const keep = async (id: string, kept: Kept): Promise<Done | undefined> => {
      await queries.cancelQueries({ queryKey: keyOf(savedRequest(id)) });
      queries.setQueryData<SavedJson>(keyOf(savedRequest(id)), (known) =>
        known?.saved ? { saved: { ...known.saved, ...kept } } : known,
      );
      const state = kept.state ?? states.get(id) ?? 'to-read';
      return apply({ method: 'PUT', url: url(id), body: kept }, (marks) => ({
        ...marks,
        saved: [...without(marks.saved, id), { id, state }],
      }));
    };
    const drop = (id: string): Promise<Done | undefined> =>
      apply({ method: 'DELETE', url: url(id) }, (marks) => ({ ...marks, saved: without(marks.saved, id) }));
    const setSaid = (id: string, kind: FeedbackKind | undefined): Promise<Done | undefined> =>
      apply(
        kind === undefined
          ? { method: 'DELETE', url: `/api/feedback/${encodeURIComponent(id)}` }
          : { method: 'PUT', url: `/api/feedback/${encodeURIComponent(id)}`, body: { kind } },
        (marks) => ({
          ...marks,
          feedback: [...without(marks.feedback, id), ...(kind === undefined ? [] : [{ id, kind }])],
        }),
      );
    const told = async (
      done: Promise<Done | undefined>,
      text: string,
      undo: (answer: unknown) => void,
      about?: string,
    ): Promise<boolean> => {
      const settled = await done;
      if (settled && telling === 'toast')
        toasts.show({
          kind: 'done',
          text,
          undo: () => undo(settled.answer),
          ...(about === undefined ? {} : { about }),
        });
      return settled !== undefined;
    };
    return {
      stateOf: (id) => states.get(id),
      feedbackOn: (id) => said.get(id),
      save: (paper) => {
        const done = keep(paper.id, { state: 'to-read' });
        void told(done, `Saved: ${shortTitle(paper)}`, () => void drop(paper.id), `saved ${paper.id}`);
      },
      unsave: (paper) => {
        const undo = (answer: unknown): void => void keep(paper.id, wasKept(answer));
        void told(drop(paper.id), `No longer saved: ${shortTitle(paper)}`, undo, `saved ${paper.id}`);
      },
      keep: (paper, kept, { before, text }) => told(keep(paper.id, kept), text, () => void keep(paper.id, before)),
      tell: (paper, kind) => {
        const before = said.get(paper.id);
        const undo = (): void => void setSaid(paper.id, before);
        void told(setSaid(paper.id, kind), `${SAID[kind]}: ${shortTitle(paper)}`, undo, `said ${paper.id}`);
      },
      forget: (paper) => {
        const before = said.get(paper.id);
        if (before === undefined) return;
        const undo = (): void => void setSaid(paper.id, before);
        void told(setSaid(paper.id, undefined), `Taken back: ${shortTitle(paper)}`, undo, `said ${paper.id}`);
      },
    };
  }, [value, change, queries, toasts, telling]);
}

export const MarksContext = createContext<Marks | undefined>(undefined);

export function useMarks(): Marks {
  const marks = useContext(MarksContext);
  if (!marks) throw new Error('a component is rendered outside MarksContext');
  return marks;
}
