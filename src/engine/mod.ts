export * from './contract.ts';
export { EmbeddedEngine } from './embedded/engine.ts';
export { filteredKeys } from './embedded/filtered-keys.ts';
export { readIndexFiles } from './embedded/index-files.ts';
