import { AutoTokenizer, env, pipeline } from '@huggingface/transformers';
import { join } from 'node:path';
import { openEncoder } from '../../src/encoder/mod.ts';
import { ROOT } from '../support/judged.ts';
import { needShared, papers20k } from './collections.ts';
import { median, print, say } from './machine.ts';

const PAPERS = 256;
const ROUNDS = 3;
const BATCH = 32;
const PLAIN_TOKENS = 256;

type Encode = (texts: readonly { title: string; abstract: string }[]) => Promise<unknown>;

/** The plain way: the feature-extraction pipeline of transformers.js, in padded batches. */
async function plainWay(padding: boolean | 'max_length'): Promise<Encode> {
  env.allowRemoteModels = false;
  env.localModelPath = join(ROOT, 'models');
  const extract = await pipeline('feature-extraction', 'paperkin-minilm', { dtype: 'q8' });
  const tokenizer = await AutoTokenizer.from_pretrained('paperkin-minilm');
  return async (texts) => {
    for (let at = 0; at < texts.length; at += BATCH) {
      const batch = texts.slice(at, at + BATCH).map(({ title, abstract }) => `${title}. ${abstract}`);
      const inputs = tokenizer(batch, { padding, truncation: true, max_length: PLAIN_TOKENS });
      await extract.model(inputs);
    }
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
  const ways: Record<string, Encode> = {
    ours: (papers) => Promise.all(papers.map((paper) => encoder.encodePaper(paper))),
    'padded to the longest of the batch': await plainWay(true),
    'padded to 256 tokens': await plainWay('max_length'),
  };
  const rates = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, encode] of Object.entries(ways)) {
      const started = performance.now();
      await encode(texts);
      const rate = (PAPERS * 1000) / (performance.now() - started);
      say(`round ${round}: ${name}: ${rate.toFixed(1)} abstracts/s`);
      // The first round warms up.
      if (round > 0) rates.set(name, [...(rates.get(name) ?? []), rate]);
    }
  }
  const ours = rates.get('ours') ?? [];
  for (const [name, plain] of rates) {
    if (name === 'ours') continue;
    const ratio = median(ours.map((rate, i) => rate / (plain[i] ?? NaN)));
    const label = `embed, plain way ${name}`;
    print({ name: label, value: median(ours), unit: 'abstracts/s', baseline: median(plain), ratio, n: ROUNDS });
  }
  await encoder.close();
}
