import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Paper } from '../../../src/domain/mod.ts';
import { embedPending, followStore } from '../../../src/indexing/mod.ts';
import { createProjection, type Projection } from '../../../src/projection/mod.ts';
import { lockForMap } from '../../../src/store/mod.ts';
import { openEngine, openStore, paper, temporaryWorkspace } from '../../support/library.ts';
import { subjectOf, subjectPaper, subjectPapers } from '../../support/recommending.ts';
import { subjectEncoder } from '../../support/subject-encoder.ts';

const EACH = 12;

/** A library of papers on six subjects, and what draws it. */
async function library(papers: readonly Paper[] = subjectPapers(EACH)) {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  const encoder = subjectEncoder();
  const fingerprint = store.fingerprintNumber(encoder.fingerprint, 'subjects');
  const engine = await openEngine(workspace, { dimensions: encoder.model.dimensions, fingerprint, fresh: true });
  const follower = followStore(store, engine, { fingerprint, from: 0 });
  const add = async (more: readonly Paper[]): Promise<void> => {
    store.ingest(more.map((each) => ({ source: 'zoo', paper: each })));
    await embedPending({
      store,
      encoder,
      fingerprint,
      signal: new AbortController().signal,
      onStored: () => undefined,
    });
    await follower.catchUp();
  };
  await add(papers);
  /** As after a restart. */
  const draw = (print = 'subjects'): Projection => {
    const projection = createProjection({ store, engine, workspace, fingerprint: () => print });
    onTestFinished(() => projection.close());
    return projection;
  };
  return { workspace, store, draw, add, projection: draw(), file: join(workspace, 'map.bin') };
}

async function placesById(projection: Projection, layout: number): Promise<Map<string, readonly number[]>> {
  const { places } = await projection.points(layout);
  const rows = Array.from({ length: places.length / 2 }, (_, row) => row);
  return new Map(
    projection.papersAt(layout, rows).map(({ row, paper: { id } }) => [id, [...places.slice(2 * row, 2 * row + 2)]]),
  );
}

const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot((a[0] ?? NaN) - (b[0] ?? NaN), (a[1] ?? NaN) - (b[1] ?? NaN));

describe('the map of a collection', () => {
  it('puts papers on one subject together and names their regions by it', async () => {
    const { projection } = await library();
    expect(await projection.status()).toMatchObject({ state: 'absent', rows: 0, embedded: 6 * EACH });
    const done = await projection.bringUpToDate({});
    expect(done).toMatchObject({ papers: 6 * EACH, placed: 6 * EACH, laidOut: true });
    const { layout, state } = await projection.status();
    expect(state).toBe('ready');
    const places = await placesById(projection, layout);
    expect(places.size).toBe(6 * EACH);
    let own = 0;
    for (const [id, place] of places) {
      const others = [...places]
        .filter(([other]) => other !== id)
        .sort((a, b) => apart(place, a[1]) - apart(place, b[1]));
      if (subjectOf(others[0]?.[0] ?? '') === subjectOf(id)) own += 1;
    }
    expect(own / places.size).toBeGreaterThan(0.9);
    const terms = projection.regions(layout).flatMap((region) => region.terms.map((term) => term.toLowerCase()));
    expect(terms.some((term) => /volcano|orchid|harbour|glacier|beetle|violin/.test(term))).toBe(true);
  });

  it('is the same after a restart, and when it is laid out again from the same papers', async () => {
    const { projection, draw } = await library();
    await projection.bringUpToDate({});
    const { layout } = await projection.status();
    const places = await projection.points(layout);
    const restarted = draw();
    expect(await restarted.status()).toMatchObject({ state: 'ready', layout, later: 0 });
    expect(await restarted.points(layout)).toEqual(places);
    expect(restarted.regions(layout)).toEqual(projection.regions(layout));
    await restarted.bringUpToDate({ anew: true });
    const again = await restarted.status();
    expect(again.layout).not.toBe(layout);
    expect(await restarted.points(again.layout)).toEqual(places);
    expect(() => restarted.regions(layout)).toThrow(expect.objectContaining({ code: 'MAP_CHANGED' }));
  });

  it('places later papers among their neighbours and moves nothing', async () => {
    const { projection, add, draw } = await library();
    await projection.bringUpToDate({});
    const { layout } = await projection.status();
    const before = await placesById(projection, layout);
    await add([subjectPaper('orchid', 100), subjectPaper('violin', 101)]);
    await expect.poll(() => projection.status()).toMatchObject({ layout, rows: 6 * EACH + 2, later: 2 });
    // Waits for what is under way.
    expect(await projection.bringUpToDate({})).toMatchObject({ placed: 0, laidOut: false });
    const after = await placesById(projection, layout);
    for (const [id, place] of before) expect(after.get(id)).toEqual(place);
    const place = after.get('orchid:100') ?? [];
    const nearest = [...before].sort((a, b) => apart(place, a[1]) - apart(place, b[1]))[0]?.[0] ?? '';
    expect(subjectOf(nearest)).toBe('orchid');
    const restarted = draw();
    await restarted.status();
    expect(await placesById(restarted, layout)).toEqual(after);
  });

  it('keeps the row of a paper that was merged into another, without a place', async () => {
    const parts = [paper({ id: '2101.00001', title: 'Glacier' }), paper({ id: '10.1234/x', title: 'Of a glacier' })];
    const { projection, store } = await library([...subjectPapers(EACH), ...parts]);
    await projection.bringUpToDate({});
    const { layout } = await projection.status();
    const joining = paper({ id: 'S2:abc', also: ['2101.00001', '10.1234/x'] });
    expect(store.ingest([{ source: 'other', paper: joining }])).toEqual(['merged']);
    const { places } = await projection.points(layout);
    expect(places.length / 2).toBe(6 * EACH + 2);
    expect(places.filter((value) => Number.isNaN(value))).toHaveLength(2);
  });

  it('finds rows by any id, and the papers of a region nearest its middle first', async () => {
    const { projection } = await library();
    await projection.bringUpToDate({});
    const { layout } = await projection.status();
    const [row = -1, none] = projection.rowsOf(layout, ['volcano:3', 'nosuch']);
    expect(none).toBe(-1);
    expect(projection.papersAt(layout, [row, 999]).map((one) => one.paper.id)).toEqual(['volcano:3']);
    const [region] = projection.regions(layout);
    const { total, papers } = projection.papersIn(layout, region?.id ?? -1, { k: 3, skip: 1 });
    expect(total).toBe(region?.papers);
    expect(papers).toHaveLength(3);
  });

  it.each([0, 1, 2, 15, 17])('of %i papers is drawn, or says that there is nothing to draw', async (count) => {
    const { projection } = await library(subjectPapers(3).slice(0, count));
    if (count === 0) {
      await expect(projection.bringUpToDate({})).rejects.toMatchObject({ code: 'NOTHING_TO_MAP' });
      return;
    }
    expect(await projection.bringUpToDate({})).toMatchObject({ papers: count });
    const { layout } = await projection.status();
    const { places } = await projection.points(layout);
    expect(places.every((value) => Math.abs(value) <= 2)).toBe(true);
  });

  it('counts as absent where its file is damaged, of another model or of another library', async () => {
    const { projection, file, draw } = await library();
    await projection.bringUpToDate({});
    expect(await draw('another model').status()).toMatchObject({ state: 'absent' });
    const bytes = await readFile(file);
    const other = await library(subjectPapers(EACH).reverse());
    await writeFile(other.file, bytes);
    expect(await other.draw().status()).toMatchObject({ state: 'absent' });
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
    await writeFile(file, bytes);
    expect(await draw().status()).toMatchObject({ state: 'absent' });
  });

  it('is made by one program at a time, and the others take it over', async () => {
    const { projection, workspace, draw } = await library();
    const other = draw();
    expect(await other.status()).toMatchObject({ state: 'absent' });
    const lock = lockForMap(workspace);
    await expect(projection.bringUpToDate({})).rejects.toMatchObject({ code: 'MAP_RUNNING' });
    lock.release();
    await projection.bringUpToDate({});
    expect(await other.status()).toMatchObject({ state: 'ready', rows: 6 * EACH });
  });

  it('stays as it was when it is interrupted', async () => {
    const { projection, draw } = await library();
    const stop = new AbortController();
    const made = projection.bringUpToDate({ signal: stop.signal });
    stop.abort();
    await expect(made).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await draw().status()).toMatchObject({ state: 'absent' });
  });
});
