export * from './contract.ts';
export { createRetrieval } from './retrieval.ts';
