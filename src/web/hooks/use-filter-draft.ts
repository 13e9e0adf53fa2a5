import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { readFilter, type FilterReading } from '../filter-expression.ts';

/** Long enough not to search for every letter of a venue's name. */
const DEBOUNCE_MS = 400;

export interface FilterDraft {
  readonly text: string;
  readonly reading: FilterReading;
  /** A key in the free expression: read at once, used when it stands and the reader pauses. */
  readonly type: (text: string) => void;
  /** A finished expression, from a control or the Enter key. */
  readonly set: (text: string) => void;
}

/** The filter being written. Only an expression that can be read reaches `use`; the others show their mistake. */
export function useFilterDraft(inUse: string, use: (expression: string) => void): FilterDraft {
  const [text, setText] = useState(inUse);
  const committed = useRef(inUse);

  useEffect(() => {
    if (inUse === committed.current) return;
    committed.current = inUse;
    setText(inUse);
  }, [inUse]);

  const commit = (expression: string): void => {
    const trimmed = expression.trim();
    if (trimmed === committed.current || readFilter(trimmed).state === 'invalid') return;
    committed.current = trimmed;
    use(trimmed);
  };
  // Whatever else of the search has changed by then stays as it is.
  const pause = useEffectEvent((typed: string): void => commit(typed));
  useEffect(() => {
    const timer = setTimeout(() => pause(text), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return {
    text,
    reading: readFilter(text),
    type: setText,
    set(expression) {
      setText(expression);
      commit(expression);
    },
  };
}
