import * as z from 'zod';
import type { ImportProgress } from '../domain/mod.ts';
import { AppError, type ErrorCode, ERRORS } from '../errors.ts';

// What this program prints for programs, read again by the server that started it as a process of its own.

export const counts = { added: z.number(), updated: z.number(), unchanged: z.number(), merged: z.number() };

/** A line of `--progress json`. */
export const progressLine = z
  .object({
    stage: z.enum(['read', 'encode', 'index', 'sentences']),
    done: z.number(),
    total: z.number().optional(),
    unit: z.enum(['bytes', 'papers']),
    rate: z.number(),
    rejected: z.number(),
    ...counts,
  })
  .transform(({ total, ...progress }): ImportProgress => (total === undefined ? progress : { ...progress, total }));

export const rejection = z.object({
  file: z.string(),
  line: z.number(),
  field: z.string().optional(),
  reason: z.string(),
});

/** `error` of the last line. */
export const failure = z.object({ code: z.string(), details: z.record(z.string(), z.unknown()) });

const isCode = (code: string): code is ErrorCode => code in ERRORS;

export function errorFrom({ code, details }: z.infer<typeof failure>): AppError {
  return isCode(code) ? new AppError(code, details) : new AppError('SERVER_FAILED', { reason: code });
}

/** Other lines than those meant for programs may stand beside them, such as warnings of the runtime. */
export function parsedOrUndefined(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
