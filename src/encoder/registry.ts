import type { ModelDescription } from './contract.ts';

/** The model shipped in `models/`; nothing is downloaded for it. */
export const DEFAULT_MODEL = 'paperkin-minilm';

/** The deterministic encoder for tests: no files, no threads, no meaning beyond shared words. */
export const HASHING_MODEL = 'hashing';

const plain = { pooling: 'mean', queryPrefix: '', paperPrefix: '', dtype: 'q8' } as const;
const cls = { ...plain, pooling: 'cls' } as const;
const e5 = { ...plain, queryPrefix: 'query: ', paperPrefix: 'passage: ' } as const;
const BGE_QUERY_PREFIX = 'Represent this sentence for searching relevant passages: ';

/**
 * Every model Paperkin knows how to use. Pooling, prefixes and lengths are those of the models' own cards: with others
 * a model still gives embeddings, only bad ones, and no error says so. Hence a registry and not a guess.
 */
const KNOWN_MODELS: readonly ModelDescription[] = [
  // Longer texts gain little: a paper's first 128 tokens hold its title and most of its abstract (see the model card).
  { ...plain, name: DEFAULT_MODEL, dimensions: 384, maxTokens: 128 },
  { ...plain, name: HASHING_MODEL, dimensions: 64, maxTokens: 256, dtype: 'fp32' },
  { ...plain, name: 'Xenova/all-MiniLM-L6-v2', dimensions: 384, maxTokens: 256 },
  { ...plain, name: 'Xenova/all-MiniLM-L12-v2', dimensions: 384, maxTokens: 128 },
  { ...plain, name: 'Xenova/all-mpnet-base-v2', dimensions: 768, maxTokens: 384 },
  { ...plain, name: 'Xenova/multi-qa-MiniLM-L6-cos-v1', dimensions: 384, maxTokens: 512 },
  { ...plain, name: 'Xenova/gte-small', dimensions: 384, maxTokens: 512 },
  { ...plain, name: 'Xenova/gte-base', dimensions: 768, maxTokens: 512 },
  { ...cls, name: 'Xenova/bge-small-en-v1.5', dimensions: 384, maxTokens: 512, queryPrefix: BGE_QUERY_PREFIX },
  { ...cls, name: 'Xenova/bge-base-en-v1.5', dimensions: 768, maxTokens: 512, queryPrefix: BGE_QUERY_PREFIX },
  {
    ...cls,
    name: 'Snowflake/snowflake-arctic-embed-s',
    dimensions: 384,
    maxTokens: 512,
    queryPrefix: BGE_QUERY_PREFIX,
  },
  { ...e5, name: 'Xenova/e5-small-v2', dimensions: 384, maxTokens: 512 },
  { ...e5, name: 'Xenova/e5-base-v2', dimensions: 768, maxTokens: 512 },
  { ...e5, name: 'Xenova/multilingual-e5-small', dimensions: 384, maxTokens: 512 },
  {
    ...plain,
    name: 'nomic-ai/nomic-embed-text-v1',
    dimensions: 768,
    // The model takes 8192; attention grows with the square and abstracts seldom pass 512.
    maxTokens: 512,
    queryPrefix: 'search_query: ',
    paperPrefix: 'search_document: ',
  },
];

/** The registered model of that name. */
export function findKnownModel(name: string): ModelDescription | undefined {
  return KNOWN_MODELS.find((model) => model.name === name);
}

/** A model that must be registered. */
export function knownModel(name: string): ModelDescription {
  const model = findKnownModel(name);
  if (model === undefined) throw new Error(`${name} is not in the registry`);
  return model;
}

/** Registered names, the default first. */
export function knownModelNames(): readonly string[] {
  return KNOWN_MODELS.map((model) => model.name);
}
