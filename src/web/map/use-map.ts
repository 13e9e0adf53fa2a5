import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo } from 'react';
import type { MapJson, MapPoints, MapRegion } from '../../domain/mod.ts';
import { asProblem, type Problem } from '../api/problem.ts';
import { marksRequest, searchRequest } from '../api/requests.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { NO_SEARCH, type MapState } from '../routes.ts';
import { feedRequest, fetchPoints, mapRequest, regionsRequest, rowsRequest } from './requests.ts';

/** While it is made; what is told of it changes a few times a second. */
const POLL_MS = 1_000;
/** Later papers that are being placed are looked for now and then while the page is open. */
const LOOK_AGAIN_MS = 30_000;
/** The most hits that a search answers. */
const LIT_HITS = 200;

export interface Drawn {
  readonly status: MapJson;
  readonly points: MapPoints;
  readonly regions: readonly MapRegion[];
}

export type MapAnswer =
  | { readonly state: 'loading'; readonly status: MapJson | undefined }
  | { readonly state: 'failed'; readonly problem: Problem; readonly retry: () => void }
  | { readonly state: 'none'; readonly status: MapJson; readonly retry: () => void }
  | ({ readonly state: 'drawn'; readonly retry: () => void } & Drawn);

/** The map there is, asked for again while it is made. */
export function useMap(): MapAnswer {
  const status = useAnswer(mapRequest);
  const map = status.value;
  const layout = map?.state === 'ready' ? map.layout : 0;
  const regions = useAnswer(layout === 0 ? undefined : regionsRequest(layout));
  const points = useQuery({
    queryKey: ['/api/map/points', layout, map?.rows],
    queryFn: ({ signal }) => fetchPoints(layout, signal),
    enabled: layout !== 0,
    // While the papers placed since come; of another layout they have other rows and regions.
    placeholderData: (before, query) => (query?.queryKey[1] === layout ? before : undefined),
  });
  const busy = map !== undefined && (map.state === 'computing' || map.progress !== null);
  const again = useEffectEvent(() => status.retry());
  useEffect(() => {
    const timer = setInterval(again, busy ? POLL_MS : LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [busy]);

  const retry = (): void => {
    status.retry();
    if (layout !== 0) {
      regions.retry();
      void points.refetch();
    }
  };
  if (status.state === 'failed' && !map) return { state: 'failed', problem: status.problem, retry };
  if (!map) return { state: 'loading', status: undefined };
  if (map.state !== 'ready') return { state: 'none', status: map, retry };
  if (regions.state === 'failed') return { state: 'failed', problem: regions.problem, retry };
  if (points.error !== null) return { state: 'failed', problem: asProblem(points.error), retry };
  if (regions.state !== 'ready' || !points.data) return { state: 'loading', status: map };
  return { state: 'drawn', status: map, points: points.data, regions: regions.value.regions, retry };
}

export const LIT = ['library', 'hits', 'feed'] as const;
export type Lit = (typeof LIT)[number];

/** Rows of what is lit, by why; `undefined` while that is not known. */
export type LitRows = { readonly [lit in Lit]: readonly number[] | undefined };

/** Looks up what is lit: papers of the library, hits of the search in the address, and papers of the feed. */
export function useLitRows(layout: number, { query, filter }: Pick<MapState, 'query' | 'filter'>): LitRows {
  const marks = useAnswer(marksRequest);
  const hits = useAnswer(
    query === '' ? undefined : searchRequest({ ...NO_SEARCH, query, filter, k: LIT_HITS }, 'whole'),
  );
  const feed = useAnswer(feedRequest);
  const library = useRows(
    layout,
    useMemo(() => marks.value?.saved.map(({ id }) => id), [marks.value]),
  );
  const found = useRows(
    layout,
    useMemo(() => hits.value?.hits.map(({ paper }) => paper.id), [hits.value]),
  );
  const fed = useRows(
    layout,
    useMemo(() => feed.value?.items.map(({ paper }) => paper.id), [feed.value]),
  );
  return useMemo(() => ({ library, hits: query === '' ? [] : found, feed: fed }), [library, found, fed, query]);
}

function useRows(layout: number, ids: readonly string[] | undefined): readonly number[] | undefined {
  const { value } = useAnswer(ids && ids.length > 0 ? rowsRequest(layout, ids) : undefined);
  return useMemo(() => (ids?.length === 0 ? [] : value?.rows.filter((row) => row >= 0)), [ids, value]);
}
