import type { PaperKey } from '../domain/mod.ts';
import type { Candidates } from '../engine/contract.ts';
import type { Fused } from './fuse.ts';

function bestFirst(entries: Fused[]): readonly Fused[] {
  return entries.sort((a, b) => b.score - a.score || a.key - b.key);
}

/** Adds what papers have for their authors: more than any other paper's score, so those of the authors named come first. */
export function withAuthors(fused: readonly Fused[], { keys, scores }: Candidates): readonly Fused[] {
  const byAuthor = new Map<PaperKey, number>();
  keys.forEach((key, i) => byAuthor.set(key, scores[i] ?? 0));
  const ranked = new Set(fused.map(({ key }) => key));
  const unranked = [...byAuthor.keys()].filter((key) => !ranked.has(key));
  const others = unranked.map((key): Fused => ({ key, score: 0, explanation: { lexical: null, dense: null } }));
  const all = [...fused, ...others].map((entry): Fused => {
    const author = byAuthor.get(entry.key);
    if (author === undefined) return entry;
    return { ...entry, score: entry.score + author, explanation: { ...entry.explanation, author } };
  });
  return bestFirst(all);
}

/** Multiplies each score with its paper's prior. */
export function withRecency(fused: readonly Fused[], priors: Float32Array): readonly Fused[] {
  const all = fused.map((entry, i): Fused => {
    const prior = priors[i] ?? 1;
    // Below 0 are papers that only a long page reaches, by how far they fall short: the older ones fall further.
    const recency = entry.score < 0 ? 1 / prior : prior;
    return { ...entry, score: entry.score * recency, explanation: { ...entry.explanation, recency } };
  });
  return bestFirst(all);
}
