import { describe, expect, it } from 'vitest';
import { type MapJson, unpackPoints } from '../../../src/domain/mod.ts';
import { AppError } from '../../../src/errors.ts';
import type { ServerServices } from '../../../src/server/mod.ts';
import { get, paper, postJson, serve } from './serving.ts';

const LAYOUT = 17;
const status: MapJson = {
  ...{ state: 'ready', layout: LAYOUT, rows: 2, later: 0, embedded: 2, progress: null, problem: null },
};
const points = {
  places: Float32Array.of(0, 1, -1, 0.5),
  regions: Uint16Array.of(0, 1),
  years: Uint16Array.of(1843, 0),
};

/** A map of two papers that notes what it is asked. */
function drawn() {
  const asked: unknown[] = [];
  const check = (layout: number): void => {
    if (layout !== LAYOUT) throw new AppError('MAP_CHANGED');
  };
  const projection: ServerServices['projection'] = {
    status: async () => status,
    points: async (layout) => {
      check(layout);
      return points;
    },
    regions: (layout) => {
      check(layout);
      return [{ id: 0, level: 0, parent: null, x: 0, y: 0, papers: 2, terms: ['owl'] }];
    },
    papersAt: (_, rows) => rows.map((row) => ({ row, paper: paper(`P${row}`) })),
    papersIn: (_, region, page) => {
      asked.push({ region, ...page });
      return { total: 1, papers: [{ row: 0, paper: paper('P0') }] };
    },
    rowsOf: (_, ids) => ids.map((_id, at) => at),
    bringUpToDate: () => Promise.reject(new Error('not over HTTP')),
    begin: (work) => void asked.push(work),
    close: async () => undefined,
  };
  return { asked, projection };
}

describe('/api/map', () => {
  it('tells the state of the map, and begins to make it', async () => {
    const { projection, asked } = drawn();
    const { url } = await serve({ projection });
    expect((await get(`${url}/api/map`)).body).toEqual(status);
    const begun = await postJson(`${url}/api/map`, { anew: true });
    expect(begun.status).toBe(202);
    expect(asked).toEqual([{ anew: true }]);
    expect((await postJson(`${url}/api/map`, { again: true })).status).toBe(400);
  });

  it('sends the points of a layout as bytes', async () => {
    const { url } = await serve({ projection: drawn().projection });
    const response = await fetch(`${url}/api/map/points?layout=${LAYOUT}`);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(unpackPoints(await response.arrayBuffer())).toEqual(points);
    const head = await fetch(`${url}/api/map/points?layout=${LAYOUT}`, { method: 'HEAD' });
    expect(await head.text()).toBe('');
  });

  it('refuses another layout than there is, and says where to ask for it', async () => {
    const { url } = await serve({ projection: drawn().projection });
    for (const part of ['points', 'regions']) {
      const { status: code, body } = await get(`${url}/api/map/${part}?layout=3`);
      expect([code, body['code']]).toEqual([409, 'MAP_CHANGED']);
      expect(body['detail']).toContain('GET /api/map');
      expect((await get(`${url}/api/map/${part}`)).status).toBe(400);
    }
  });

  it('tells regions, papers of rows and of a region, and rows of papers', async () => {
    const { projection, asked } = drawn();
    const { url } = await serve({ projection });
    const { body: regions } = await get(`${url}/api/map/regions?layout=${LAYOUT}`);
    expect(regions).toMatchObject({ regions: [{ id: 0, terms: ['owl'] }] });
    const { body: at } = await get(`${url}/api/map/papers?layout=${LAYOUT}&rows=5,3`);
    expect(at).toMatchObject({ total: 2, papers: [{ row: 5, paper: { id: 'P5' } }, { row: 3 }] });
    await get(`${url}/api/map/papers?layout=${LAYOUT}&region=4&k=7&skip=2`);
    expect(asked).toEqual([{ region: 4, k: 7, skip: 2 }]);
    const { body: rows } = await postJson(`${url}/api/map/rows`, { layout: LAYOUT, ids: ['a', 'b'] });
    expect(rows).toEqual({ rows: [0, 1] });
  });

  it.each(['rows=', 'rows=1,x', 'rows=1&region=2', 'k=5', `rows=${Array.from({ length: 201 }, (_, i) => i).join()}`])(
    'says what is wrong with %s',
    async (parameters) => {
      const { url } = await serve({ projection: drawn().projection });
      const { status: code, body } = await get(`${url}/api/map/papers?layout=${LAYOUT}&${parameters}`);
      expect(code).toBe(400);
      expect(body['errors']).toMatchObject([{ field: 'rows' }]);
    },
  );

  it('waits for the index like every question about papers', async () => {
    const { url } = await serve({
      projection: drawn().projection,
      readiness: () => ({ ready: false, reason: 'it is being read' }),
    });
    expect((await get(`${url}/api/map`)).status).toBe(503);
  });
});
