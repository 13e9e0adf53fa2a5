import { UMAP } from 'umap-js';
import { seeded } from '../domain/seeded.ts';
import type { Graph } from '../engine/mod.ts';
import { principalRanks } from './axes.ts';

/** Of a paper with itself among them, as UMAP counts: more shows the whole better, fewer the details. UMAP's own default. */
export const NEIGHBOURS = 15;
/** So wide is the search for neighbours in the graph: among 12,000 papers of papers20k it found all of the 15 nearest to 200 of them. */
export const SEARCH_WIDTH = 100;
/** Points may come this close, in units of the unfolded picture, of which about 20 go across. */
const MIN_DISTANCE = 0.2;
const SEED = 20_240;
/** From the middle to a side of the square that it starts in; its own start by chance has 10, after which far fields stay far off. */
const START_REACH = 5;

export type Report = (stage: 'neighbours' | 'layout' | 'places', share: number) => void;

/**
 * Unfolds vectors into the plane: `[vectors, 2]` (UMAP; McInnes, Healy and Melville 2018). The same vectors give the same
 * picture. It starts from the principal axes and not by chance, so that what is far apart stays so. More than
 * `NEIGHBOURS` vectors, of unit length; `graph`: of these vectors, labelled by their place.
 */
export function unfold(vectors: readonly Float32Array[], graph: Graph, report: Report): Float32Array {
  const indices: number[][] = [];
  const distances: number[][] = [];
  vectors.forEach((vector, i) => {
    const found = graph.search(vector, NEIGHBOURS + 1, SEARCH_WIDTH, undefined);
    const others = found.labels.flatMap((label, at) =>
      label === i ? [] : [{ label, cosine: found.cosines[at] ?? 0 }],
    );
    const nearest = others.slice(0, NEIGHBOURS - 1);
    indices.push([i, ...nearest.map(({ label }) => label)]);
    distances.push([0, ...nearest.map(({ cosine }) => Math.max(0, 1 - cosine))]);
    if (i % 256 === 0) report('neighbours', 0.5 + i / vectors.length / 2);
  });
  const umap = new UMAP({ nNeighbors: NEIGHBOURS, minDist: MIN_DISTANCE, random: seeded(SEED) });
  umap.setPrecomputedKNN(indices, distances);
  // With the neighbours given only the number of rows is read.
  const epochs = umap.initializeFit(indices);
  const start = principalRanks(vectors, SEED);
  // The array that the epochs move: its own start is by chance.
  const places = umap.getEmbedding();
  for (const [i, place] of places.entries()) {
    place[0] = START_REACH * (start[2 * i] ?? 0);
    place[1] = START_REACH * (start[2 * i + 1] ?? 0);
  }
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    umap.step();
    report('layout', (epoch + 1) / epochs);
  }
  return Float32Array.from(places.flat());
}
