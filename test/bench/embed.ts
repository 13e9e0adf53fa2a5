import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { openEncoder } from '../../src/encoder/mod.ts';
import { ROOT } from '../support/judged.ts';
import { needShared, papers20k } from './collections.ts';
import { median, print, say } from './machine.ts';

const PAPERS = 256;
const ROUNDS = 3;
const BATCH = 32;
const PLAIN_TOKENS = 256;

type Encode = (texts: readonly { title: string; abstract: string }[]) => Promise<unknown>;

/** The shipped model in a folder of its own, with the tokeniser's cut at 256 tokens. */
function modelCutAt(tokens: number): { readonly folder: string; readonly name: string } {
  const folder = mkdtempSync(join(tmpdir(), 'paperkin-plain-'));
  const name = 'plain';
  cpSync(join(ROOT, 'models', 'paperkin-minilm'), join(folder, name), { recursive: true });
  const file = join(folder, name, 'tokenizer_config.json');
  const config: object = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...config, model_max_length: tokens }));
  return { folder, name };
}

/** The plain way: the feature-extraction pipeline of transformers.js over padded batches, pooled and normalised. */
async function plainWay(folder: string, name: string): Promise<{ pipeline: Encode; fullLength: Encode }> {
  env.allowRemoteModels = false;
  env.localModelPath = folder;
  const extract = await pipeline('feature-extraction', name, { dtype: 'q8' });
  const inBatches =
    (encode: (batch: string[]) => Promise<unknown>): Encode =>
    async (texts) => {
      for (let at = 0; at < texts.length; at += BATCH) {
        await encode(texts.slice(at, at + BATCH).map(({ title, abstract }) => `${title}. ${abstract}`));
      }
    };
  return {
    pipeline: inBatches((batch) => extract(batch, { pooling: 'mean', normalize: true })),
    fullLength: inBatches(async (batch) =>
      extract.model(extract.tokenizer(batch, { padding: 'max_length', truncation: true, max_length: PLAIN_TOKENS })),
    ),
  };
}

/** Abstracts a second on all cores, ours and the plain way by turns in one run. */
export async function benchEmbed(): Promise<void> {
  needShared();
  const all = papers20k();
  const step = Math.floor(all.length / PAPERS);
  const texts = all
    .filter((_, i) => i % step === 0)
    .slice(0, PAPERS)
    .map(({ title, text }) => ({ title, abstract: text }));
  const encoder = await openEncoder({
    model: 'paperkin-minilm',
    modelsDir: join(ROOT, 'models'),
    allowDownload: false,
  });
  const { folder, name } = modelCutAt(PLAIN_TOKENS);
  const plain = await plainWay(folder, name);
  const ways: Record<string, Encode> = {
    ours: (papers) => Promise.all(papers.map((paper) => encoder.encodePaper(paper))),
    'padded to the longest of the batch': plain.pipeline,
    'padded to 256 tokens': plain.fullLength,
  };
  const rates = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [way, encode] of Object.entries(ways)) {
      const started = performance.now();
      await encode(texts);
      const rate = (PAPERS * 1000) / (performance.now() - started);
      say(`round ${round}: ${way}: ${rate.toFixed(1)} abstracts/s`);
      // The first round warms up.
      if (round > 0) rates.set(way, [...(rates.get(way) ?? []), rate]);
    }
  }
  const ours = rates.get('ours') ?? [];
  for (const [way, others] of rates) {
    if (way === 'ours') continue;
    const ratio = median(ours.map((rate, i) => rate / (others[i] ?? NaN)));
    const label = `embed, against the plain way ${way}`;
    print({ name: label, value: median(ours), unit: 'abstracts/s', baseline: median(others), ratio, n: ROUNDS });
  }
  await encoder.close();
  rmSync(folder, { recursive: true });
}
