import type { Config } from '../config.ts';
import { type Encoder, openEncoder, openReranker, readVocabulary, type Reranker } from '../encoder/mod.ts';
import type { EmbeddedEngine } from '../engine/mod.ts';
import { AppError, reasonOf } from '../errors.ts';
import { type Follower, followStore } from '../indexing/mod.ts';
import { createTrends } from '../recommend/mod.ts';
import { createRetrieval, type Retrieval } from '../retrieval/mod.ts';
import { People } from '../store/mod.ts';
import { checkModel, described, encoderOptions, type Library, openEngine, openLibrary } from './library.ts';

export interface Search extends Omit<Library, 'close'> {
  readonly engine: EmbeddedEngine;
  readonly follower: Follower;
  readonly retrieval: Retrieval;
  readonly close: () => Promise<void>;
}

/**
 * Opens a library for searching. `encoder: 'none'` serves lexical searches without loading a model; with `'load'` a model
 * that cannot be loaded leaves lexical search and says so in each answer, and another model than the workspace's throws
 * MODEL_MISMATCH. `reranker: 'load'` loads the cross-encoder that is configured, if one is, and throws MODEL_NOT_FOUND where
 * it cannot: it was asked for by name.
 */
export async function openSearch(
  config: Config,
  options: { readonly create: boolean; readonly encoder: 'load' | 'none'; readonly reranker?: 'load' | 'none' },
): Promise<Search> {
  const library = await openLibrary(config, options);
  const { workspace, store } = library;
  const opened: { readonly close: () => void | Promise<void> }[] = [library];
  const close = async (): Promise<void> => {
    for (const part of opened.toReversed()) await part.close();
  };
  try {
    const encoder = await searchEncoder(config, library, options.encoder);
    if (!('unavailable' in encoder)) opened.push(encoder);
    const reranker = options.reranker === 'load' ? await configuredReranker(config) : undefined;
    if (reranker) opened.push(reranker);
    // A workspace without papers has no model yet: what it will be embedded with is what is loaded.
    const model = workspace.state.model ?? ('unavailable' in encoder ? null : described(encoder));
    const engine = await openEngine(library, model, 'read');
    opened.push(engine);
    const follower = followStore(store, engine, { fingerprint: engine.fingerprint, from: engine.revision });
    const saves = savesIn(config.workspace);
    opened.push(saves);
    const retrieval = createRetrieval({
      ...{ engine, store, encoder, reranker },
      vocabulary: () => modelVocabulary(config, library),
      trends: createTrends({ store, people: saves, now: () => new Date() }),
    });
    return { ...library, engine, follower, retrieval, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What persons saved, opened when it is first asked for: most searches never ask. */
function savesIn(workspace: string): Pick<People, 'savesBetween' | 'close'> {
  let people: People | undefined;
  return {
    savesBetween: (from, to) => (people ??= People.openIfThere(workspace))?.savesBetween(from, to) ?? [],
    close: () => people?.close(),
  };
}

/** Without the model's files no word is known, and more words are taken for misspelt; why they are not there is said elsewhere. */
async function modelVocabulary(config: Config, { workspace }: Library): Promise<ReadonlySet<string>> {
  try {
    return await readVocabulary(encoderOptions(config, workspace));
  } catch (error) {
    if (error instanceof AppError) return new Set();
    throw error;
  }
}

async function configuredReranker(config: Config): Promise<Reranker | undefined> {
  const { rerankModel, rerankDepth, modelsDir, allowDownload, threads } = config;
  if (rerankModel === '') return undefined;
  return openReranker({ model: rerankModel, depth: rerankDepth, modelsDir, allowDownload, threads });
}

async function searchEncoder(
  config: Config,
  library: Library,
  wanted: 'load' | 'none',
): Promise<Encoder | { readonly unavailable: string }> {
  if (wanted === 'none') return { unavailable: 'this search was opened without a model' };
  const options = encoderOptions(config, library.workspace);
  try {
    const encoder = await openEncoder(options);
    checkModel(library.workspace, encoder.model.name, encoder.fingerprint);
    return encoder;
  } catch (error) {
    if (error instanceof AppError && error.code !== 'MODEL_MISMATCH') return { unavailable: reasonOf(error) };
    throw error;
  }
}
