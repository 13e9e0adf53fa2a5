export * from './embed.ts';
export * from './follow.ts';
export * from './ingest.ts';
