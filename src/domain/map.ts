import type { PaperJson } from './paper.ts';

/** Papers that lie together on the map, at one level of detail. */
export interface MapRegion {
  /** Its place in the list of regions. */
  readonly id: number;
  /** 0: the largest; each level divides the regions of the one before. */
  readonly level: number;
  /** The region of the level before that it lies in; `null` on level 0. */
  readonly parent: number | null;
  /** Where its papers lie closest together. */
  readonly x: number;
  readonly y: number;
  readonly papers: number;
  /** What its papers say and others do not, and the regions around it do not say already; the most telling first. */
  readonly terms: readonly string[];
}

export const MAP_STAGES = ['neighbours', 'layout', 'places', 'names'] as const;
export type MapStage = (typeof MAP_STAGES)[number];

export interface MapProgress {
  readonly stage: MapStage;
  /** Of this stage, in [0, 1]. */
  readonly share: number;
}

/** The state of the picture of the collection. */
export interface MapJson {
  /** `computing`: the first one is being made; one that is made anew stays `ready` until the new one is there. */
  readonly state: 'absent' | 'computing' | 'ready';
  /** Names the layout: the rows of one layout keep their papers and places for ever. 0 where there is none. */
  readonly layout: number;
  /** Points of the picture; later papers get the next ones. */
  readonly rows: number;
  /** Rows whose papers came after it was laid out, and were placed among their neighbours. */
  readonly later: number;
  /** Embedded papers of the collection. */
  readonly embedded: number;
  readonly progress: MapProgress | null;
  /** Why the last try failed. */
  readonly problem: string | null;
}

/** A paper and its point. */
export interface MapPaper {
  readonly row: number;
  readonly paper: PaperJson;
}

export interface MapPapers {
  readonly total: number;
  readonly papers: readonly MapPaper[];
}

/** Bytes before the first point: how many rows follow (uint32), and four that mean nothing yet. */
const POINTS_HEADER = 8;

/**
 * Points of a map, by row: places within about [-1, 1], NaN where the paper has gone; the region of the finest level;
 * the year, 0 where it is not known.
 */
export interface MapPoints {
  /** `[rows, 2]` */
  readonly places: Float32Array;
  /** `[rows]` */
  readonly regions: Uint16Array;
  /** `[rows]` */
  readonly years: Uint16Array;
}

/** As they go over HTTP, little-endian as every machine that Node and browsers run on: header, places, regions, years. */
export function packPoints({ places, regions, years }: MapPoints): Uint8Array {
  const rows = regions.length;
  const packed = new ArrayBuffer(POINTS_HEADER + rows * 12);
  new Uint32Array(packed, 0, 1)[0] = rows;
  new Float32Array(packed, POINTS_HEADER, rows * 2).set(places);
  new Uint16Array(packed, POINTS_HEADER + rows * 8, rows).set(regions);
  new Uint16Array(packed, POINTS_HEADER + rows * 10, rows).set(years);
  return new Uint8Array(packed);
}

/** `undefined` for what is no such packing. */
export function unpackPoints(packed: ArrayBufferLike): MapPoints | undefined {
  const rows = packed.byteLength < POINTS_HEADER ? -1 : (new Uint32Array(packed, 0, 1)[0] ?? -1);
  if (packed.byteLength !== POINTS_HEADER + rows * 12) return undefined;
  return {
    places: new Float32Array(packed, POINTS_HEADER, rows * 2),
    regions: new Uint16Array(packed, POINTS_HEADER + rows * 8, rows),
    years: new Uint16Array(packed, POINTS_HEADER + rows * 10, rows),
  };
}
