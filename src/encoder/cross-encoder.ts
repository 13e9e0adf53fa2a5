import { resolve } from 'node:path';
import { AppError } from '../errors.ts';
import type { PaperText, Reranker } from './contract.ts';
import { inferDtype, inferMaxTokens } from './inference.ts';
import { locateFolder, type LocateOptions, refuseIncomplete } from './location.ts';
import { MAX_WAITING } from './pool.ts';
import { startWorkers } from './start-workers.ts';
import { paperText, queryText } from './text-form.ts';
import type { ModelSettings } from './worker-model.ts';

/** A query and what may answer it. */
export interface Pair {
  readonly query: string;
  readonly passage: string;
}

/** What a worker thread needs to know of its model. */
export interface CrossEncoderSettings extends ModelSettings {
  readonly maxTokens: number;
}

export interface RerankerOptions extends LocateOptions {
  readonly depth: number;
  /** Worker threads; at most, and by default, one a core. */
  readonly threads?: number | undefined;
}

/**
 * Pairs of all searches together that may be under way, which is what the pool takes: some 3 s of work on two cores, at 23 ms
 * a pair of 200 tokens (6 layers, 384 dimensions, int8). A search that would wait longer does better in its fused order.
 */
const MAX_UNSCORED = MAX_WAITING.query;

/**
 * Finds (or, where allowed, downloads) a cross-encoder and starts it: any sequence classifier of pairs in ONNX form, with
 * one logit (relevance) or two (not relevant, relevant). Throws MODEL_NOT_FOUND, also for a model of embeddings, and
 * ENCODER_FAILED.
 */
export async function openReranker(options: RerankerOptions): Promise<Reranker> {
  const { model, modelsDir, threads, depth } = options;
  const folder = await locateFolder(
    options,
    'q8',
    () => `there is no folder ${resolve(modelsDir, model)}, and it is no hub id like org/name`,
  );
  const dtype = inferDtype(model, folder);
  refuseIncomplete(model, folder, dtype);
  const maxTokens = await inferMaxTokens(model, folder);
  const settings: CrossEncoderSettings = { folder, dtype, maxTokens };
  const pairOf = (query: string, text: PaperText): Pair => ({
    query: queryText({ queryPrefix: '', maxTokens }, query),
    passage: paperText({ paperPrefix: '', maxTokens }, text),
  });
  const first = pairOf('warm-up', { title: 'warm-up', abstract: '' });
  const { pool } = await startWorkers<Pair, Float32Array>({
    ...{ model, worker: 'cross-encoder-worker', settings, threads, first },
  });

  let unscored = 0;
  const score = async (query: string, texts: readonly PaperText[]): Promise<Float32Array> => {
    // Refused as a whole: what a part of its pairs would say is of no use, and would keep others waiting.
    if (unscored + texts.length > MAX_UNSCORED) throw new AppError('ENCODER_BUSY', { waiting: unscored });
    unscored += texts.length;
    const scores = texts.map(async (text) => {
      try {
        const [value = NaN] = await pool.encode(pairOf(query, text), 'query');
        return value;
      } finally {
        unscored -= 1;
      }
    });
    return Float32Array.from(await Promise.all(scores));
  };
  return { model, depth, score, close: () => pool.close() };
}
