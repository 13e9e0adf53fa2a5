export type { Format, Reading } from './contract.ts';
export { FORMATS } from './formats.ts';
export { type Writer } from './export/writer.ts';
export { writerForFile, writerNamed, WRITERS } from './export/writers.ts';
export { sizeOf } from './open.ts';
export { filesIn } from './folder.ts';
export { type ReadOptions, readPapers } from './read.ts';
export { readTextLines, type TextLine } from './text-lines.ts';
export * from './sources/mod.ts';
