export type { ImportRun, PaperkinServer, Recommending, ServerOptions, ServerServices, SyncRun } from './contract.ts';
export { createServer } from './server.ts';
