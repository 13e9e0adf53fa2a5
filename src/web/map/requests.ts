import {
  type Feed,
  type MapJson,
  type MapPapers,
  type MapPoints,
  type MapRegion,
  unpackPoints,
} from '../../domain/mod.ts';
import { problemOf, unreachable } from '../api/problem.ts';
import { isRecord, type Request } from '../api/requests.ts';

const isMap = (body: unknown): body is MapJson => isRecord(body) && typeof body['layout'] === 'number';
const isRegions = (body: unknown): body is { readonly regions: readonly MapRegion[] } =>
  isRecord(body) && Array.isArray(body['regions']);
const isMapPapers = (body: unknown): body is MapPapers => isRecord(body) && Array.isArray(body['papers']);
const isRows = (body: unknown): body is { readonly rows: readonly number[] } =>
  isRecord(body) && Array.isArray(body['rows']);
const isFeed = (body: unknown): body is Feed => isRecord(body) && Array.isArray(body['items']);

/** Papers asked for at once. */
export const PAGE_ROWS = 200;
const FEED_ITEMS = 100;

export const mapRequest: Request<MapJson> = { url: '/api/map', reads: isMap };

export const regionsRequest = (layout: number): Request<{ readonly regions: readonly MapRegion[] }> => ({
  url: `/api/map/regions?layout=${layout}`,
  reads: isRegions,
});

export const papersAtRequest = (layout: number, rows: readonly number[]): Request<MapPapers> => ({
  url: `/api/map/papers?layout=${layout}&rows=${rows.slice(0, PAGE_ROWS).join(',')}`,
  reads: isMapPapers,
});

export const papersInRequest = (layout: number, region: number, k: number): Request<MapPapers> => ({
  url: `/api/map/papers?layout=${layout}&region=${region}&k=${k}`,
  reads: isMapPapers,
});

export const rowsRequest = (layout: number, ids: readonly string[]): Request<{ readonly rows: readonly number[] }> => ({
  url: '/api/map/rows',
  body: { layout, ids },
  reads: isRows,
});

export const feedRequest: Request<Feed> = { url: `/api/feed?k=${FEED_ITEMS}`, reads: isFeed };

/** The points of a layout, as the server packs them. Throws Problem. */
export async function fetchPoints(layout: number, signal: AbortSignal): Promise<MapPoints> {
  let response: Response;
  try {
    response = await fetch(`/api/map/points?layout=${layout}`, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw problemOf(await response.json().catch(() => undefined), response.status);
  const points = unpackPoints(await response.arrayBuffer());
  if (!points) throw problemOf(undefined, response.status);
  return points;
}
