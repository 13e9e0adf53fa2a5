import { once } from 'node:events';
import { createWriteStream, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FORMATS, readPapers, WRITERS } from '../../src/collection/mod.ts';
import type { Paper } from '../../src/domain/mod.ts';
import { type Layout, LAYOUTS } from '../support/written-as.ts';
import { BENCH, needShared, WHOLE } from './collections.ts';
import { median, print, say } from './machine.ts';

const RECORDS = 50_000;
const RUNS = 3;

async function* papers(): AsyncGenerator<Paper> {
  let count = 0;
  for await (const reading of readPapers({ path: WHOLE[0] ?? '' })) {
    if (reading.kind !== 'paper') continue;
    yield reading.paper;
    if ((count += 1) === RECORDS) return;
  }
}

async function* laidOut({ opening, between, closing, written }: Layout): AsyncGenerator<string> {
  let at = 0;
  yield opening;
  for await (const paper of papers()) {
    yield `${at > 0 ? between : ''}${written(paper, at)}`;
    at += 1;
  }
  yield closing;
}

/** A file of `RECORDS` papers in the format: as its service writes it, else as our own export does. Kept between runs. */
async function fileOf(format: string): Promise<string | undefined> {
  const layout = Object.entries(LAYOUTS).find(([name]) => name === format)?.[1];
  const writer = WRITERS.find(({ reads }) => reads === format);
  const path = join(BENCH, `format-${format}.${layout?.ending ?? writer?.extension ?? ''}`);
  if (existsSync(path)) return path;
  const pieces = layout ? laidOut(layout) : writer?.write(papers());
  if (!pieces) return undefined;
  say(`${format}: writing ${RECORDS} records`);
  await pipeline(Readable.from(pieces), createWriteStream(`${path}.part`));
  renameSync(`${path}.part`, path);
  return path;
}

interface Measured {
  readonly papers: number;
  readonly rejected: number;
  readonly seconds: number;
  readonly peakMb: number;
}

/** Reads in a process of its own, so that its peak is the reader's alone. */
async function read(path: string, format: string): Promise<Measured> {
  const child = fork(fileURLToPath(import.meta.url), [path, format]);
  const [measured]: Measured[] = await once(child, 'message');
  if (!measured) throw new Error(`${path} was not read`);
  return measured;
}

/** Papers a second and peak memory of reading alone, each format; the beginning of each file must show its format. */
export async function benchFormats(): Promise<void> {
  needShared();
  for (const { name } of FORMATS) {
    const path = await fileOf(name);
    if (path === undefined) throw new Error(`nothing here writes the format ${name}`);
    const runs: Measured[] = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await read(path, name));
    const [first] = runs;
    if (first && first.papers + first.rejected < RECORDS * 0.99) say(`${name}: only ${first.papers} papers were read`);
    print({
      name: `read, ${name}`,
      value: median(runs.map((run) => run.papers / run.seconds)),
      unit: 'papers/s',
      n: RUNS,
    });
    print({ name: `read, ${name}, peak RSS`, value: median(runs.map(({ peakMb }) => peakMb)), unit: 'MB', n: RUNS });
  }
}

const [path, format] = process.argv.slice(2);
if (process.send && path !== undefined && format !== undefined) {
  const started = performance.now();
  const counts = { papers: 0, rejected: 0 };
  for await (const { kind } of readPapers({ path })) {
    if (kind === 'paper') counts.papers += 1;
    else counts.rejected += 1;
  }
  const seconds = (performance.now() - started) / 1000;
  // Kilobytes, on Linux and macOS alike as libuv tells it.
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.send({ ...counts, seconds, peakMb } satisfies Measured);
}
