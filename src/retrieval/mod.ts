export * from './contract.ts';
export { createRetrieval, type RetrievalParts } from './retrieval.ts';
