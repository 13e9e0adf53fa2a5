import { createContext, Script } from 'node:vm';

const STEP = new Script('step()');

/** Hundreds of times what the largest step takes on a slow machine. */
export const STEP_LIMIT_MS = 20_000;

/**
 * Bounds the time of a library's synchronous work: the zstd decoder loops for ever on a table with a single symbol, which
 * a file may hold that is made for it, and nothing but the engine can end such a loop.
 * The function that comes back does one step, and throws an Error past `limitMs`; one call costs 0.1 ms.
 */
export function withTimeLimit(step: () => void, limitMs: number): () => void {
  const context = createContext({ step });
  return () => {
    STEP.runInContext(context, { timeout: limitMs });
  };
}
