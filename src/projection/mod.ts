export * from './contract.ts';
export { createProjection } from './projection.ts';
