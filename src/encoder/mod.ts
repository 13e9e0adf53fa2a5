import type { Encoder, ModelDescription } from './contract.ts';
import { composeFingerprint, fingerprintModel } from './fingerprint.ts';
import { createHashingEncoder } from './hashing.ts';
import { locateModel, type LocateOptions } from './location.ts';
import { HASHING_MODEL, knownModel } from './registry.ts';
import { createTransformerEncoder } from './transformer.ts';

export type { Encoder, ModelDescription, PaperText, Reranker } from './contract.ts';
export { openReranker } from './cross-encoder.ts';
export type { DownloadProgress } from './download.ts';
export { DEFAULT_MODEL } from './registry.ts';
export { readVocabulary } from './vocabulary.ts';

export interface EncoderOptions extends LocateOptions {
  /** Worker threads; at most, and by default, one a core. */
  readonly threads?: number | undefined;
}

/** Finds (or, where allowed, downloads) the model and starts its encoder. Throws MODEL_NOT_FOUND, ENCODER_FAILED. */
export async function openEncoder(options: EncoderOptions): Promise<Encoder> {
  if (options.model === HASHING_MODEL) return createHashingEncoder(knownModel(HASHING_MODEL));
  return createTransformerEncoder({ ...(await locateModel(options)), threads: options.threads });
}

/** What `openEncoder` would give, without loading the model: its files are read once. Throws MODEL_NOT_FOUND. */
export async function describeFingerprint(
  options: LocateOptions,
): Promise<{ readonly model: ModelDescription; readonly fingerprint: string }> {
  if (options.model === HASHING_MODEL) {
    const hashing = knownModel(HASHING_MODEL);
    return { model: hashing, fingerprint: composeFingerprint(hashing, []) };
  }
  const { description: model, folder } = await locateModel(options);
  return { model, fingerprint: await fingerprintModel(model, folder) };
}
