export * from './contract.ts';
export { type SuspectedPair, suspectedPairs } from './duplicates.ts';
export { createRetrieval } from './retrieval.ts';
export { collapse, type Seen } from './near-duplicates.ts';
