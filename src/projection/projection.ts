import { setImmediate as breathe } from 'node:timers/promises';
import type { MapJson, MapPaper, MapPapers, MapPoints, MapProgress, MapRegion, PaperKey } from '../domain/mod.ts';
import { seeded } from '../domain/seeded.ts';
import type { Engine } from '../engine/contract.ts';
import { UNDATED } from '../engine/contract.ts';
import { AppError, reasonOf } from '../errors.ts';
import { lockForMap, type Store } from '../store/mod.ts';
import type { MapDone, MapWork, Projection } from './contract.ts';
import { layOutApart } from './lay-out-apart.ts';
import { mapFileVersion, readMap, type StoredMap, writeMap } from './map-file.ts';
import { nameRegions } from './names.ts';
import { newcomers } from './newcomers.ts';
import { placeAmong } from './place.ts';
import { Rows } from './rows.ts';

export interface ProjectionParts {
  readonly store: Store;
  readonly engine: Engine;
  /** Folder of the library. */
  readonly workspace: string;
  /** Of the embeddings that the engine holds; `undefined` while there are none. */
  readonly fingerprint: () => string | undefined;
  readonly onProgress?: (progress: MapProgress) => void;
}

/**
 * Neighbours asked for until one has a place. Nearly always one of the first has; papers of a field that has only now come to the
 * collection are each other's neighbours.
 */
const NEIGHBOURHOODS = [16, 200, 1000];
/** Papers that prove a map to be of this library; most of them must still have the ids they had. */
const PROVEN = 16;

type Kept = Omit<StoredMap, 'keys' | 'places' | 'finest'> & { readonly rows: Rows };

export function createProjection(parts: ProjectionParts): Projection {
  return new MapOfPapers(parts);
}

class MapOfPapers implements Projection {
  readonly #parts: ProjectionParts;
  readonly #closing = new AbortController();
  #map: Kept | undefined;
  /** State of the file that `#map` was read from, or written to. */
  #file: string | undefined;
  #running: Promise<MapDone> | undefined;
  #layingOut = false;
  #progress: MapProgress | undefined;
  #problem: string | undefined;
  /** State of store and engine in which every paper had its place. */
  #seen = '';

  constructor(parts: ProjectionParts) {
    this.#parts = parts;
  }

  async status(): Promise<MapJson> {
    if (!this.#running) await this.#reload();
    const { engine } = this.#parts;
    if (this.#map && !this.#running && this.#state() !== this.#seen) this.begin({});
    const map = this.#map;
    return {
      state: map ? 'ready' : this.#running ? 'computing' : 'absent',
      layout: map?.layout ?? 0,
      rows: map?.rows.length ?? 0,
      later: map ? map.rows.length - map.laidOut : 0,
      embedded: engine.counts().embeddings,
      progress: this.#progress ?? null,
      problem: this.#problem ?? null,
    };
  }

  async points(layout: number): Promise<MapPoints> {
    const { rows, laidOutAt } = this.#mapOf(layout);
    const places = rows.places.slice();
    for (const { key } of this.#parts.store.removedSince(laidOutAt)) {
      const row = rows.rowOf(key);
      if (row !== undefined) places.fill(NaN, 2 * row, 2 * row + 2);
    }
    const regions = rows.finest.slice();
    const days = await this.#parts.engine.days(rows.keys.slice());
    const years = Uint16Array.from(days, (day) => (day === UNDATED ? 0 : new Date(day * 86_400_000).getUTCFullYear()));
    return { places, regions, years: years.subarray(0, regions.length) };
  }

  regions(layout: number): readonly MapRegion[] {
    return this.#mapOf(layout).regions;
  }

  papersAt(layout: number, wanted: readonly number[]): MapPaper[] {
    const keys = this.#mapOf(layout).rows.keys;
    const rows = wanted.filter((row) => row < keys.length);
    const papers = this.#parts.store.papers(rows.map((row) => keys[row] ?? 0));
    return rows.flatMap((row, i) => {
      const paper = papers[i];
      return paper ? [{ row, paper }] : [];
    });
  }

  papersIn(layout: number, region: number, { k, skip }: { readonly k: number; readonly skip: number }): MapPapers {
    const { rows, regions } = this.#mapOf(layout);
    const within = regions.map(({ id }) => id === region);
    for (const { id, parent } of regions) if (parent !== null && within[parent]) within[id] = true;
    const { places, finest } = rows;
    const { x = 0, y = 0 } = regions[region] ?? {};
    const away = (row: number): number => ((places[2 * row] ?? 0) - x) ** 2 + ((places[2 * row + 1] ?? 0) - y) ** 2;
    const members = Array.from(finest.keys()).filter((row) => within[finest[row] ?? 0]);
    members.sort((a, b) => away(a) - away(b) || a - b);
    return { total: members.length, papers: this.papersAt(layout, members.slice(skip, skip + k)) };
  }

  rowsOf(layout: number, ids: readonly string[]): number[] {
    const { rows } = this.#mapOf(layout);
    return ids.map((id) => {
      const key = this.#parts.store.findKey(id);
      return key === undefined ? -1 : (rows.rowOf(key) ?? -1);
    });
  }

  bringUpToDate({ anew = false, signal }: MapWork): Promise<MapDone> {
    if (this.#layingOut) return Promise.reject(new AppError('MAP_RUNNING', { workspace: this.#parts.workspace }));
    const either = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    // What places a few papers soon ends.
    const before = this.#running?.catch(() => undefined) ?? Promise.resolve();
    const running = before
      .then(() => this.#work(anew, either))
      .finally(() => {
        if (this.#running === running) this.#running = undefined;
        this.#progress = undefined;
      });
    this.#running = running;
    return running;
  }

  begin({ anew }: Pick<MapWork, 'anew'>): void {
    this.#problem = undefined;
    this.bringUpToDate(anew === undefined ? {} : { anew }).catch((error: unknown) => {
      // Another program that makes the map will be seen by its file.
      const expected = error instanceof AppError && (error.code === 'MAP_RUNNING' || error.code === 'INTERRUPTED');
      if (!expected) this.#problem = reasonOf(error);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running?.catch(() => undefined);
  }

  /** Throws MAP_CHANGED unless this is the layout there is. */
  #mapOf(layout: number): Kept {
    if (this.#map?.layout !== layout) throw new AppError('MAP_CHANGED');
    return this.#map;
  }

  /** Takes over what another program, or an earlier run, has written. */
  async #reload(): Promise<void> {
    const { workspace, fingerprint } = this.#parts;
    const version = await mapFileVersion(workspace);
    if (version === this.#file) return;
    const stored = version === undefined ? undefined : await readMap(workspace);
    this.#file = version;
    this.#seen = '';
    this.#map = undefined;
    if (!stored || stored.fingerprint !== fingerprint() || !this.#isOfThisLibrary(stored)) return;
    const { keys, places, finest, ...rest } = stored;
    this.#map = { ...rest, rows: new Rows(keys, places, finest) };
  }

  #isOfThisLibrary({ proof }: StoredMap): boolean {
    const { store } = this.#parts;
    const there = proof.filter(([key]) => store.paper(key) !== undefined);
    return there.filter(([key, id]) => store.findKey(id) === key).length * 2 >= there.length;
  }

  async #work(anew: boolean, signal: AbortSignal): Promise<MapDone> {
    const { workspace } = this.#parts;
    // Read before anything is made of it, so that what comes meanwhile counts as unseen.
    const seen = this.#state();
    const lock = lockForMap(workspace);
    try {
      await this.#reload();
      const laidOut = anew || !this.#map;
      this.#layingOut = laidOut;
      const before = laidOut ? 0 : (this.#map?.rows.length ?? 0);
      if (laidOut) await this.#layOut(signal);
      await this.#placeNewcomers(signal);
      this.#seen = seen;
      const papers = this.#map?.rows.length ?? 0;
      return { papers, placed: papers - before, laidOut, regions: this.#map?.regions ?? [] };
    } finally {
      this.#layingOut = false;
      lock.release();
    }
  }

  #state(): string {
    const { store, engine } = this.#parts;
    return `${store.dataVersion()}-${engine.counts().embeddings}`;
  }

  async #layOut(signal: AbortSignal): Promise<void> {
    const { workspace, store, engine, fingerprint } = this.#parts;
    const print = fingerprint();
    if (print === undefined || engine.counts().embeddings === 0) throw new AppError('NOTHING_TO_MAP');
    const report = (progress: MapProgress): void => {
      this.#progress = progress;
      this.#parts.onProgress?.(progress);
    };
    report({ stage: 'neighbours', share: 0 });
    const layout = await layOutApart({ workspace, fingerprint: engine.fingerprint, report, signal });
    const naming = { report: (share: number): void => report({ stage: 'names', share }), signal };
    const regions = await this.#interruptible(nameRegions({ store, engine }, layout, naming), signal);
    const { keys, places, finest, label, revision } = layout;
    await this.#keep({
      ...{
        fingerprint: print,
        layout: Date.now(),
        laidOut: keys.length,
        laidOutAt: revision,
        label,
        revision,
        regions,
      },
      proof: this.#proofOf(keys),
      rows: new Rows(keys, places, finest),
    });
  }

  async #interruptible<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (signal.aborted) throw new AppError('INTERRUPTED', {}, { cause: error });
      throw error;
    }
  }

  #proofOf(keys: Int32Array): [PaperKey, string][] {
    const step = Math.max(1, Math.floor(keys.length / PROVEN));
    return Array.from(keys)
      .filter((_, row) => row % step === 0)
      .flatMap((key) => {
        const id = this.#parts.store.lastingId(key);
        return id === undefined ? [] : [[key, id] as [PaperKey, string]];
      });
  }

  /** Papers that came since, in the order they came, each among its nearest that have a place; between queries. */
  async #placeNewcomers(signal: AbortSignal): Promise<void> {
    const { store, engine } = this.#parts;
    const map = this.#map;
    if (!map) return;
    const { rows } = map;
    const before = rows.length;
    let { label, revision } = map;
    for (let more = true; more && !signal.aborted;) {
      const found = newcomers(store, engine.fingerprint, { label, revision }, (key) => rows.rowOf(key) !== undefined);
      for (const { key, vector } of found.papers) {
        await this.#place(rows, key, vector);
        await breathe();
      }
      ({ label, revision, more } = found);
    }
    if (rows.length > before || revision > map.revision) await this.#keep({ ...map, label, revision });
    if (signal.aborted) throw new AppError('INTERRUPTED');
  }

  async #place(rows: Rows, key: PaperKey, embedding: Float32Array): Promise<void> {
    for (const k of NEIGHBOURHOODS) {
      const { keys, scores } = await this.#parts.engine.dense({ embedding, filter: { clauses: [] }, k });
      const { places, finest } = rows;
      const neighbours = Array.from(keys).flatMap((other, i) => {
        const row = rows.rowOf(other);
        if (row === undefined || other === key) return [];
        return [{ row, x: places[2 * row] ?? 0, y: places[2 * row + 1] ?? 0, cosine: scores[i] ?? 0 }];
      });
      if (neighbours.length === 0) continue;
      const placed = placeAmong(neighbours, seeded(key));
      rows.add(key, placed, finest[neighbours[placed.beside]?.row ?? 0] ?? 0);
      return;
    }
    rows.add(key, { x: 0, y: 0 }, 0);
  }

  async #keep(map: Kept): Promise<void> {
    const { rows, ...rest } = map;
    await writeMap(this.#parts.workspace, { ...rest, keys: rows.keys, places: rows.places, finest: rows.finest });
    this.#map = map;
    this.#file = await mapFileVersion(this.#parts.workspace);
  }
}
