export * from './contract.ts';
export { EmbeddedEngine, type EmbeddedEngineOptions } from './embedded/engine.ts';
export { readIndexFiles } from './embedded/index-files.ts';
