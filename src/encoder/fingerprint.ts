import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, reasonOf } from '../errors.ts';
import type { ModelDescription } from './contract.ts';
import { externalWeightsFile, TOKEN_BASIS_FILE, WEIGHTS_FILE } from './model-files.ts';
import { TEXT_FORM } from './text-form.ts';

/** 64 bits: what is compared is one workspace's model with another, not an adversary's. */
const HEX_DIGITS = 16;

/**
 * Names everything that decides an embedding, e.g. `paperkin-minilm-3f2a…`: SHA-256 of weights, tokeniser and token basis, text
 * form, length, pooling, prefixes, dtype and dimensions. Reads the files as streams (about 30 ms for 23 MB).
 * Throws MODEL_NOT_FOUND when a file cannot be read.
 */
export async function fingerprintModel(model: ModelDescription, folder: string): Promise<string> {
  const files = [WEIGHTS_FILE[model.dtype], 'tokenizer.json'];
  const external = externalWeightsFile(model.dtype);
  for (const optional of [external, TOKEN_BASIS_FILE]) if (existsSync(join(folder, optional))) files.push(optional);
  try {
    const digests = await Promise.all(files.map((file) => sha256(join(folder, file))));
    return composeFingerprint(model, digests);
  } catch (cause) {
    throw new AppError('MODEL_NOT_FOUND', { model: model.name, reason: reasonOf(cause) }, { cause });
  }
}

/** The fingerprint of a model whose files have these digests; a model without files has none. */
export function composeFingerprint(model: ModelDescription, digests: readonly string[]): string {
  const parts = [
    TEXT_FORM,
    model.dimensions,
    model.maxTokens,
    model.pooling,
    model.queryPrefix,
    model.paperPrefix,
    model.dtype,
    ...digests,
  ];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${slug(model.name)}-${digest.slice(0, HEX_DIGITS)}`;
}

/** The last part of a name or path, so that a model has one fingerprint wherever its folder lies. */
function slug(name: string): string {
  return basename(name)
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-');
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
