export * from './answer.ts';
export * from './filter.ts';
export * from './names.ts';
export * from './paper.ts';
export * from './sync.ts';
export * from './paper-id.ts';
export * from './publication.ts';
