import type { MapJson, MapPaper, MapPapers, MapPoints, MapRegion } from '../domain/mod.ts';

export interface MapWork {
  /** Lays everything out although there is a map. */
  readonly anew?: boolean;
  readonly signal?: AbortSignal;
}

export interface MapDone {
  /** Papers on the map. */
  readonly papers: number;
  /** Those that were placed now. */
  readonly placed: number;
  readonly laidOut: boolean;
  readonly regions: readonly MapRegion[];
}

/** The collection as a picture. What it answers holds for the layout that it is asked about, and throws MAP_CHANGED for another. */
export interface Projection {
  /** Looks for papers that came since, too, and begins to place them. */
  status(): Promise<MapJson>;
  points(layout: number): Promise<MapPoints>;
  regions(layout: number): readonly MapRegion[];
  /** Of the given rows; those whose paper has gone, and that there are not, are left out. */
  papersAt(layout: number, rows: readonly number[]): MapPaper[];
  papersIn(layout: number, region: number, page: { readonly k: number; readonly skip: number }): MapPapers;
  /** Rows of papers by any of their ids; -1 for what is not on the map. Same order. */
  rowsOf(layout: number, ids: readonly string[]): number[];
  /**
   * Makes the map where there is none, or `anew`, and places what came since otherwise. Throws NOTHING_TO_MAP, MAP_RUNNING
   * where another program is at it, INTERRUPTED.
   */
  bringUpToDate(work: MapWork): Promise<MapDone>;
  /** As `bringUpToDate`, in the background: `status` tells how it goes and what went wrong. */
  begin(work: Pick<MapWork, 'anew'>): void;
  /** Ends what is under way; what is kept is whole. */
  close(): Promise<void>;
}
