import type { z } from 'zod';
import type { Paper } from '../domain/mod.ts';
import { AppError, reasonOf } from '../errors.ts';
import type { Line, Reading } from './contract.ts';
import { describe, excerpt } from './text.ts';

type Parsed = { readonly value: unknown } | { readonly error: string };

function parseJson(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch (thrown) {
    return { error: excerpt(reasonOf(thrown), 160) };
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects on the complete lines of a beginning, at most `most` of them. */
export function objectsIn(beginning: string, most: number): JsonObject[] {
  const objects: JsonObject[] = [];
  for (const line of beginning.split('\n')) {
    if (objects.length === most) break;
    if (!line.trimStart().startsWith('{')) continue;
    const parsed = parseJson(line);
    if ('value' in parsed && isObject(parsed.value)) objects.push(parsed.value);
  }
  return objects;
}

/** JSON in one piece would otherwise be rejected line by line, thousands of times, without saying what is wrong. */
function refuseWholeJson(text: string, file: string, line: number): void {
  const start = text.trim();
  const found = start.startsWith('[') ? 'a JSON array' : start === '{' ? 'a JSON object over several lines' : undefined;
  if (found === undefined) return;
  const reason = `this is ${found}, not JSON Lines: write one object on each line (jq -c '.[]' does it for an array)`;
  throw new AppError('BAD_INPUT', { file, line, reason });
}

function readText<Shape extends z.ZodType>(
  text: string,
  schema: Shape,
  paperOf: (record: z.output<Shape>) => Paper | { readonly reason: string },
): { readonly paper: Paper } | { readonly reason: string } {
  const parsed = parseJson(text);
  if ('error' in parsed) return { reason: `not JSON: ${parsed.error}` };
  if (!isObject(parsed.value)) return { reason: `must be a JSON object, found ${describe(parsed.value)}` };
  const record = schema.safeParse(parsed.value);
  if (!record.success) return { reason: record.error.issues.map((issue) => issue.message).join('; ') };
  const paper = paperOf(record.data);
  return 'reason' in paper ? paper : { paper };
}

export function tooLong(limitBytes: number): string {
  return `the line is longer than ${limitBytes} bytes`;
}

/**
 * One JSON object a line, each read with `schema` and `paperOf`; blank lines are passed over. Every other line gives one
 * reading. Throws BAD_INPUT when the first line shows JSON that is not one object a line.
 */
export async function* readJsonLines<Shape extends z.ZodType>(
  lines: AsyncIterable<Line>,
  file: string,
  schema: Shape,
  paperOf: (record: z.output<Shape>) => Paper | { readonly reason: string },
): AsyncGenerator<Reading> {
  let first = true;
  for await (const line of lines) {
    if ('tooLong' in line) {
      yield { kind: 'rejected', file, line: line.number, reason: tooLong(line.limitBytes) };
    } else if (line.text.trim() !== '') {
      if (first) refuseWholeJson(line.text, file, line.number);
      const read = readText(line.text, schema, paperOf);
      if ('paper' in read) yield { kind: 'paper', paper: read.paper, file, line: line.number };
      else yield { kind: 'rejected', file, line: line.number, reason: read.reason };
    } else continue;
    first = false;
  }
}
