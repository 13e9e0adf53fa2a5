import { AutoModel, AutoTokenizer, env, LogLevel } from '@huggingface/transformers';
import type { Dtype } from './model-files.ts';

/*
 * What the worker threads of an encoder and of a cross-encoder have in common. Each runs one text, or one pair, at a time
 * and unpadded: int8 models quantise their activations per run, so padding or other texts in the same run would change a
 * result (cosine .993 at worst, see the model card).
 */

export interface ModelSettings {
  readonly folder: string;
  readonly dtype: Dtype;
}

/** The tokeniser and the graph of a folder; nothing is fetched, as the parent has located every file. */
export async function loadModel({ folder, dtype }: ModelSettings) {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  // What fails is thrown and reported once, by the parent.
  env.logLevel = LogLevel.NONE;
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(folder),
    AutoModel.from_pretrained(folder, {
      dtype,
      // One thread a worker, one worker a core: texts are independent, so this beats sharing one text among cores.
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    }),
  ]);
  return { tokenizer, model };
}

/** Hands a task's result to the parent, which counts the task as done whatever came of it. */
export async function handOver<Result>(task: Promise<Result>, unfinished: Int32Array): Promise<Result> {
  try {
    return await task;
  } finally {
    Atomics.sub(unfinished, 0, 1);
    Atomics.notify(unfinished, 0);
  }
}
