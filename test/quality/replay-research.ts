import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { openCorpus } from '../../src/app/mod.ts';
import { loadConfig } from '../../src/config.ts';
import { rankForProfile, trainProfile } from '../../src/recommend/ranking.ts';
import { SHARED } from '../support/judged.ts';

// Readers with what they liked and went on to write: nDCG@20, recall@100 and AUC of their candidates, and what they cost.
const readerSchema = z.object({
  liked: z.array(z.string()),
  candidates: z.array(z.string()),
  future: z.array(z.string()),
});

const folder = join(SHARED, 'data', 'eval', 'papers20k');
const ignore = (): void => undefined;
const search = await openCorpus(loadConfig({}).config, [join(folder, 'corpus.jsonl.gz')], {
  signal: new AbortController().signal,
  ...{ onProgress: ignore, onBuilt: ignore },
});
const { engine, store } = search;
const keyOf = (id: string): number => {
  const key = store.findKey(id);
  if (key === undefined) throw new Error(`no paper ${id}`);
  return key;
};
const lines = gunzipSync(readFileSync(join(folder, 'readers.jsonl.gz')))
  .toString('utf8')
  .trim()
  .split('\n');

function figuresOf(keys: Int32Array, future: ReadonlySet<number>): [number, number, number] {
  const gains = Array.from(keys, (key) => (future.has(key) ? 1 : 0));
  const discounted = (list: readonly number[]): number =>
    list.slice(0, 20).reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0);
  let before = 0;
  let pairs = 0;
  for (const gain of gains) {
    if (gain > 0) pairs += gains.length - future.size - before;
    else before += 1;
  }
  return [
    discounted(gains) / discounted(gains.toSorted((a, b) => b - a)),
    gains.slice(0, 100).reduce((sum: number, gain) => sum + gain, 0) / future.size,
    pairs / (future.size * (gains.length - future.size)),
  ];
}

const sums = [0, 0, 0];
// Processor time: other programs on the machine do not count.
const clock = (): number => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;
const times: { train: number[]; rank: number[]; all: number[] } = { train: [], rank: [], all: [] };
const everything = Int32Array.from({ length: 20_000 }, (_, at) => at + 1);
await rankForProfile(engine, await trainProfile(engine, [{ key: 1, weight: 1 }]), everything);
for (const [at, line] of lines.entries()) {
  const reader = readerSchema.parse(JSON.parse(line));
  const signals = reader.liked.map((id) => ({ key: keyOf(id), weight: 1 }));
  const pool = Int32Array.from(reader.candidates, keyOf);
  const started = clock();
  const profile = await trainProfile(engine, signals);
  const trained = clock();
  const { keys } = await rankForProfile(engine, profile, pool);
  times.train.push(trained - started);
  times.rank.push(clock() - trained);
  if (at % 10 === 0) {
    const began = clock();
    await rankForProfile(engine, profile, everything);
    times.all.push(clock() - began);
  }
  figuresOf(keys, new Set(reader.future.map(keyOf))).forEach((figure, i) => (sums[i] = (sums[i] ?? 0) + figure));
}
const median = (values: readonly number[]): string =>
  (values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0).toFixed(2);
const [ndcg, recall, auc] = sums.map((sum) => (sum / lines.length).toFixed(4));
process.stdout.write(`nDCG@20 ${ndcg}  recall@100 ${recall}  AUC ${auc}\n`);
process.stdout.write(
  `train ${median(times.train)} ms, pool ${median(times.rank)} ms, 20,000 ${median(times.all)} ms (medians)\n`,
);
await search.close();
