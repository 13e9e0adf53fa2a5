import type { ImportProgress, ImportSummary } from '../../domain/mod.ts';
import type { Problem } from './problem.ts';

/** What an import tells of itself; `done` and `failed` come last, one of them. */
export type ImportEvent =
  | { readonly kind: 'uploading'; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly kind: 'progress'; readonly progress: ImportProgress }
  | { readonly kind: 'done'; readonly summary: ImportSummary }
  | { readonly kind: 'failed'; readonly problem: Problem };
