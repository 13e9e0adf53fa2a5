export type { ImportRun, PaperkinServer, ServerOptions, ServerServices } from './contract.ts';
export { createServer } from './server.ts';
