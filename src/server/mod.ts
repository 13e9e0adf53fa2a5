export type {
  FieldError,
  ImportJobJson,
  ImportRun,
  ImportSummaryJson,
  PaperkinServer,
  Problem,
  ServerOptions,
  ServerServices,
} from './contract.ts';
export { createServer } from './server.ts';
