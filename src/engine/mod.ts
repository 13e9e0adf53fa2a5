export * from './contract.ts';
export { EmbeddedEngine } from './embedded/engine.ts';
export { readIndexFiles } from './embedded/index-files.ts';
