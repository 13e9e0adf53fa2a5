export * from './store.ts';
export type { SourceRecord } from './writer.ts';
export { lockForWriting, Workspace, type WorkspaceState } from './workspace.ts';
