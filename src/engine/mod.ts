export * from './contract.ts';
export { writeFileAtomically } from './embedded/atomic-file.ts';
export { EmbeddedEngine } from './embedded/engine.ts';
export { filteredKeys } from './embedded/filtered-keys.ts';
export { Graph } from './embedded/graph.ts';
export { readIndexFiles } from './embedded/index-files.ts';
