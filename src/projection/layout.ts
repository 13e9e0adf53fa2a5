import { seeded } from '../domain/seeded.ts';
import { Graph } from '../engine/mod.ts';
import type { Store } from '../store/mod.ts';
import { principalRanks } from './axes.ts';
import { placeAmong } from './place.ts';
import { findRegions, type Regions } from './regions.ts';
import { NEIGHBOURS, type Report, SEARCH_WIDTH, unfold } from './unfold.ts';

/** Where every embedded paper lies, and what the store held then. */
export interface Layout extends Regions {
  /** `[rows]` */
  readonly keys: Int32Array;
  /** `[rows, 2]`: within about [-1, 1] */
  readonly places: Float32Array;
  /** The last embedding and the last change that are in it: what comes after them is placed later. */
  readonly label: number;
  readonly revision: number;
}

/**
 * So many papers at most are unfolded, and all others placed among them: unfolding takes 4 ms a paper and 23 kB, a place
 * among neighbours .4 ms and next to nothing (papers20k, two busy cores).
 */
const LANDMARKS = 12_000;
/** Those among which any other paper is placed. */
const PLACED_AMONG = 12;
/** So many at each side, which belong nowhere, may lie outside the picture. */
const OUTSIDE = 0.005;

interface Landmarks {
  readonly vectors: readonly Float32Array[];
  readonly graph: Graph;
}

/** Lays out every paper that has an embedding. The same embeddings give the same layout. Takes minutes: for a worker. */
export function layOut(store: Store, fingerprint: number, report: Report): Layout {
  const revision = store.lastRevision();
  const { embedded } = store.counts(fingerprint);
  const landmarks = chooseLandmarks(store, fingerprint, embedded, report);
  const { vectors, graph } = landmarks;
  const few = vectors.length <= NEIGHBOURS;
  const framed = inFrame(few ? principalRanks(vectors, 1) : unfold(vectors, graph, report));
  const { keys, places, label } = placeAll(store, fingerprint, { landmarks, framed, embedded, report });
  return { keys, places, label, revision, ...findRegions(places) };
}

/** Drawn by label, so that those of a collection that has grown are among those of the grown one, or left out evenly. */
const isLandmark = (label: number, embedded: number): boolean => seeded(label)() * embedded < LANDMARKS;

function chooseLandmarks(store: Store, fingerprint: number, embedded: number, report: Report): Landmarks {
  const vectors: Float32Array[] = [];
  let graph: Graph | undefined;
  for (const { label, vector } of store.embeddingsSince(0, fingerprint)) {
    if (!isLandmark(label, embedded)) continue;
    graph ??= Graph.empty(vector.length);
    graph.add(vectors.length, vector);
    vectors.push(vector);
    if (vectors.length % 256 === 0) report('neighbours', vectors.length / Math.min(LANDMARKS, embedded) / 2);
  }
  return { vectors, graph: graph ?? Graph.empty(1) };
}

/** Moved and scaled so that nearly all of it lies within 1 of the middle, along either side. */
function inFrame(places: Float32Array): Float32Array {
  const ends = ([0, 1] as const).map((odd) => {
    const along = places.filter((_, i) => i % 2 === odd).sort();
    const outside = Math.floor(OUTSIDE * along.length);
    return { from: along[outside] ?? 0, to: along[along.length - 1 - outside] ?? 0 };
  });
  const reach = Math.max(...ends.map(({ from, to }) => (to - from) / 2));
  const middles = ends.map(({ from, to }) => (from + to) / 2);
  return places.map((value, i) => (value - (middles[i % 2] ?? 0)) / (reach > 0 ? reach : 1));
}

interface Placing {
  readonly landmarks: Landmarks;
  /** `[landmarks, 2]` */
  readonly framed: Float32Array;
  readonly embedded: number;
  readonly report: Report;
}

/** Papers embedded meanwhile are no landmarks, even where their label would have drawn them, and are placed like the others. */
function placeAll(store: Store, fingerprint: number, { landmarks, framed, embedded, report }: Placing) {
  const { vectors, graph } = landmarks;
  const keys: number[] = [];
  const places: number[] = [];
  let last = 0;
  let landmark = 0;
  for (const { key, label, vector } of store.embeddingsSince(0, fingerprint)) {
    last = label;
    keys.push(key);
    if (isLandmark(label, embedded) && isSame(vector, vectors[landmark])) {
      places.push(framed[2 * landmark] ?? 0, framed[2 * landmark + 1] ?? 0);
      landmark += 1;
    } else {
      const found = graph.search(vector, PLACED_AMONG, SEARCH_WIDTH, undefined);
      const neighbours = found.labels.map((at, i) => ({
        x: framed[2 * at] ?? 0,
        y: framed[2 * at + 1] ?? 0,
        cosine: found.cosines[i] ?? 0,
      }));
      const { x, y } = placeAmong(neighbours, seeded(key));
      places.push(x, y);
    }
    if (keys.length % 512 === 0) report('places', Math.min(1, keys.length / embedded));
  }
  return { keys: Int32Array.from(keys), places: Float32Array.from(places), label: last };
}

/** Landmarks come again in their order, unless one has gone since; then those after it are placed among the others. */
const isSame = (a: Float32Array, b: Float32Array | undefined): boolean =>
  b !== undefined && a.every((value, i) => value === b[i]);
