import type { Page } from 'playwright-core';
import { type MapPoints, packPoints } from '../../src/domain/mod.ts';
import { seeded } from '../../src/domain/seeded.ts';
import { findRegions } from '../../src/projection/regions.ts';

/** Hills that points lie on: 20,000 real papers have 105 regions on the level before the finest. */
const HILLS = 110;
const SPREAD = 0.05;
const LAYOUT = 1;

/** Points as UMAP gives them to look at: hills of unlike size, some over each other. */
function invented(rows: number): MapPoints & { readonly regionList: unknown } {
  const next = seeded(rows);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const hills = Array.from({ length: HILLS }, () => ({
    x: 1.8 * next() - 0.9,
    y: 1.8 * next() - 0.9,
    size: next() ** 2,
  }));
  const total = hills.reduce((sum, { size }) => sum + size, 0);
  const places = Float32Array.from(
    hills.flatMap(({ x, y, size }) =>
      Array.from({ length: Math.ceil((rows * size) / total) }, () => [
        x + SPREAD * normal(),
        y + SPREAD * normal(),
      ]).flat(),
    ),
  ).subarray(0, 2 * rows);
  const { list, finest } = findRegions(places);
  const regionList = list.map((region, id) => ({ id, ...region, terms: [`field ${id}`, 'words of it', 'more'] }));
  return { places, regions: finest, years: new Uint16Array(finest.length).fill(2020), regionList };
}

/** Answers what a page asks of the map as a server with so many papers would. */
export async function withMap(page: Page, rows: number): Promise<void> {
  const { regionList, ...points } = invented(rows);
  const count = points.regions.length;
  const status = {
    state: 'ready',
    layout: LAYOUT,
    rows: count,
    later: 0,
    embedded: count,
    progress: null,
    problem: null,
  };
  await page.route(/\/api\/map$/, (route) => route.fulfill({ json: status }));
  await page.route(/\/api\/map\/regions/, (route) => route.fulfill({ json: { regions: regionList } }));
  await page.route(/\/api\/map\/points/, (route) => route.fulfill({ body: Buffer.from(packPoints(points)) }));
}

/** Runs in a page before its program: notes in `calls` how many points are drawn and when. */
export const NOTE_DRAWING = `window.calls = [];
const draw = WebGL2RenderingContext.prototype.drawArrays;
WebGL2RenderingContext.prototype.drawArrays = function (mode, first, count) {
  window.calls.push({ at: performance.now(), count });
  draw.call(this, mode, first, count);
};`;
