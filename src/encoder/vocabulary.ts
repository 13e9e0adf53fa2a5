import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { locateModel, type LocateOptions } from './location.ts';
import { HASHING_MODEL } from './registry.ts';

const tokenizer = z.object({ model: z.object({ type: z.string().nullish(), vocab: z.unknown() }) });
const vocab = z.record(z.string(), z.number());

/**
 * Words that a model's tokeniser has whole, those of the letters a to z: of BERT's the 20,000 commonest of English. Nothing
 * is loaded but this list. Empty for tokenisers of another kind than WordPiece, whose lists tell words and parts of words
 * apart in other ways. Throws MODEL_NOT_FOUND.
 */
export async function readVocabulary(options: LocateOptions): Promise<ReadonlySet<string>> {
  if (options.model === HASHING_MODEL) return new Set();
  const { folder } = await locateModel({ ...options, allowDownload: false });
  const { model } = tokenizer.parse(JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')));
  if (model.type !== 'WordPiece') return new Set();
  return new Set(Object.keys(vocab.parse(model.vocab)).filter((token) => /^[a-z]+$/.test(token)));
}
