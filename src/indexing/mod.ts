export * from './embed.ts';
export * from './follow.ts';
export * from './import.ts';
export * from './ingest.ts';
export * from './missing.ts';
export * from './doctor.ts';
export * from './sync.ts';
export * from './source-list.ts';
