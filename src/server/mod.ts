export type { ImportRun, PaperkinServer, Recommending, ServerOptions, ServerServices } from './contract.ts';
export { createServer } from './server.ts';
