import { basename } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { JobJson, SourceJson } from '../domain/mod.ts';
import { WORKSPACE_FILE } from '../store/mod.ts';

export interface ScheduleParts {
  /** Folder of the workspace; its list of sources is looked at again when it changes. */
  readonly workspace: string;
  readonly sources: () => Promise<readonly SourceJson[]>;
  /** Syncs the named sources, or those that are due, as a job of the server; `undefined` while it shuts down. Never rejects. */
  readonly sync: (names: readonly string[]) => Promise<JobJson | undefined>;
  /** Between two syncs of everything that is due; `undefined`: none, only folders are watched. */
  readonly everyMs: number | undefined;
  readonly tell: (line: string) => void;
  readonly random?: () => number;
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Servers that were started together must not ask together. */
const JITTER = 0.1;
/** Timers know no longer time: a longer one would be over at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Files arrive in groups, and piecemeal. */
const SETTLE_MS = 2_000;
/** How long a sync that somebody started by hand is left alone. */
const BESIDE_ANOTHER_MS = 30_000;

/** Milliseconds of `30m`, `6h`, `1d`; `undefined` for the empty text. */
export function intervalMs(text: string): number | undefined {
  const unit = text.at(-1);
  if (unit !== 'm' && unit !== 'h' && unit !== 'd') return undefined;
  return Number(text.slice(0, -1)) * UNITS[unit];
}

/** Keeps the sources of a served workspace current until it is closed; one sync at a time. */
export class SyncSchedule {
  readonly #parts: ScheduleParts;
  readonly #watched = new Map<string, { readonly path: string; readonly watcher: FSWatcher }>();
  readonly #changed = new Set<string>();
  #list: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextAt: number | undefined;
  #settle: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** Begins to watch; the first sync follows when the last one is old enough. */
  async start(): Promise<void> {
    const { workspace, everyMs } = this.#parts;
    // Its folder, not the file: that is replaced by each write, and a watch would stay with the one that went.
    const ignored = (path: string): boolean => path !== workspace && basename(path) !== WORKSPACE_FILE;
    this.#list = watch(workspace, { ignoreInitial: true, depth: 0, ignored });
    this.#list.on('all', () => void this.#watchFolders());
    await this.#watchFolders();
    if (everyMs !== undefined) this.#sleep(await this.#firstWaitMs(everyMs));
  }

  /** When everything that is due is synced next; `undefined` where nothing says so. */
  next(): Date | undefined {
    return this.#nextAt === undefined ? undefined : new Date(this.#nextAt);
  }

  /** Resolves when the sync under way has ended; whoever closes has told it to stop. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#settle);
    const watchers = Array.from(this.#watched.values(), ({ watcher }) => watcher.close());
    await Promise.all([this.#list?.close(), ...watchers]);
    await this.#running;
  }

  /** A server that is restarted every hour must not ask every hour. */
  async #firstWaitMs(everyMs: number): Promise<number> {
    const sources = await this.#parts.sources();
    const runs = sources.flatMap(({ lastRun, paused }) => (paused ? [] : Date.parse(lastRun?.at ?? '') || 0));
    return runs.length === 0 ? everyMs : Math.max(0, Math.min(...runs) + everyMs - Date.now());
  }

  #sleep(waitMs: number): void {
    if (this.#closed) return;
    this.#nextAt = Date.now() + waitMs;
    if (waitMs > LONGEST_TIMER_MS) {
      this.#timer = setTimeout(() => this.#sleep(waitMs - LONGEST_TIMER_MS), LONGEST_TIMER_MS);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#enqueue([]);
      this.#sleep(this.#jittered());
    }, waitMs);
  }

  #jittered(): number {
    const { everyMs = 0, random = Math.random } = this.#parts;
    return everyMs * (1 - JITTER + 2 * JITTER * random());
  }

  /** Folders as the list of sources has them now. One that is new is synced, for it may have changed while nobody looked. */
  async #watchFolders(): Promise<void> {
    const sources = await this.#parts.sources().catch((): readonly SourceJson[] | undefined => undefined);
    if (!sources || this.#closed) return;
    const folders = new Map<string, string>();
    for (const { name, kind, paused, settings } of sources) {
      const { path } = settings;
      if (kind === 'folder' && !paused && typeof path === 'string') folders.set(name, path);
    }
    for (const [name, { path, watcher }] of this.#watched) {
      if (folders.get(name) === path) continue;
      this.#watched.delete(name);
      void watcher.close();
    }
    for (const [name, path] of folders) {
      if (this.#watched.has(name)) continue;
      // Hidden files are not read either.
      const watcher = watch(path, {
        ignoreInitial: true,
        ignored: (file) => file !== path && basename(file).startsWith('.'),
      });
      watcher.on('all', () => this.#note(name));
      watcher.on('error', (error) => this.#parts.tell(`${name} cannot be watched: ${String(error)}`));
      this.#watched.set(name, { path, watcher });
      this.#note(name);
    }
  }

  #note(name: string, waitMs = SETTLE_MS): void {
    if (this.#closed) return;
    this.#changed.add(name);
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      const names = [...this.#changed];
      this.#changed.clear();
      this.#enqueue(names);
    }, waitMs);
  }

  #enqueue(names: readonly string[]): void {
    const before = this.#running;
    const run = async (): Promise<void> => {
      await before;
      if (!this.#closed) await this.#sync(names);
    };
    this.#running = run();
  }

  async #sync(names: readonly string[]): Promise<void> {
    const { tell } = this.#parts;
    const job = await this.#parts.sync(names);
    for (const { name, added, updated, error } of job?.sync?.sources ?? []) {
      tell(error ? `${name}: ${error.message}` : `${name}: ${added} added, ${updated} updated`);
    }
    const problem = job?.problem;
    if (problem) tell(problem.detail);
    // Somebody syncs by hand, perhaps without these folders.
    if (problem?.code === 'SYNC_RUNNING') for (const name of names) this.#note(name, BESIDE_ANOTHER_MS);
  }
}
