import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { MAP_STAGES, type MapProgress } from '../domain/mod.ts';
import { AppError, reasonOf } from '../errors.ts';
import type { Layout } from './layout.ts';
import { type LayoutTask, PER_STAGE } from './worker.ts';

const REPORT_MS = 200;

interface Options {
  readonly workspace: string;
  readonly fingerprint: number;
  readonly report: (progress: MapProgress) => void;
  readonly signal: AbortSignal;
}

/** Worker threads load JavaScript only: run from source (tests), the compiled worker is used. */
function workerFile(): string {
  const here = import.meta.url;
  const file = new URL(here.endsWith('.ts') ? '../../dist/projection/worker.js' : './worker.js', here);
  if (existsSync(file)) return file.href;
  throw new AppError('MAP_FAILED', { reason: `${fileURLToPath(file)} is missing; run \`npm run build\`` });
}

/** Lays a workspace out in a worker thread, so that queries go on meanwhile. Throws MAP_FAILED, INTERRUPTED. */
export async function layOutApart({ workspace, fingerprint, report, signal }: Options): Promise<Layout> {
  const pool = new Piscina<LayoutTask, Layout>({ filename: workerFile(), maxThreads: 1, execArgv: [] });
  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const timer = setInterval(() => {
    const thousandths = Atomics.load(done, 0);
    const stage = MAP_STAGES[Math.floor(thousandths / PER_STAGE)];
    if (stage) report({ stage, share: (thousandths % PER_STAGE) / PER_STAGE });
  }, REPORT_MS);
  try {
    return await pool.run({ workspace, fingerprint, done }, { signal });
  } catch (error) {
    if (signal.aborted) throw new AppError('INTERRUPTED', {}, { cause: error });
    throw new AppError('MAP_FAILED', { reason: reasonOf(error) }, { cause: error });
  } finally {
    clearInterval(timer);
    await pool.destroy();
  }
}
