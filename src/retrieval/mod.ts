export * from './contract.ts';
export { type SuspectedPair, suspectedPairs } from './duplicates.ts';
export { createRetrieval } from './retrieval.ts';
export { collapse, SAME_TEXT_COSINE } from './near-duplicates.ts';
