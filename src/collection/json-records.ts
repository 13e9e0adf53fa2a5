import { AppError, reasonOf } from '../errors.ts';
import type { Content, Reason } from './contract.ts';
import { JsonScanner, wrapsRecords, type ScannedRecord } from './json-scanner.ts';
import { blaming, readLines, tooLong } from './lines.ts';
import { peek } from './peek.ts';
import { describe, excerpt } from './text.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Parsed = { readonly object: JsonObject } | Reason;

/** One record of a JSON input: the object, or why it is none; `line` is where it begins. */
export type JsonRecord = { readonly line: number } & Parsed;

export function parseObject(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { object: value } : { reason: `must be a JSON object, found ${describe(value)}` };
  } catch (thrown) {
    return { reason: `not JSON: ${excerpt(reasonOf(thrown), 160)}` };
  }
}

/** How much of an input shows whether it is JSON Lines, and how many of its lines are looked at. */
const BEGINNING_BYTES = 64 * 1024;
const LOOKED_AT = 20;

/** The first complete lines that are not blank. */
function linesOf(beginning: string, complete: boolean): string[] {
  const lines = beginning.split('\n', LOOKED_AT * 5);
  const last = lines.at(-1) ?? '';
  if (!complete && beginning.endsWith(last)) lines.pop();
  return lines.filter((line) => line.trim() !== '').slice(0, LOOKED_AT);
}

/**
 * The objects of JSON Lines, `undefined` for JSON in one piece. Lines are told by most of them being objects by themselves:
 * then a line that is broken costs no other one.
 */
function objectLines(beginning: string, complete: boolean): JsonObject[] | undefined {
  const lines = linesOf(beginning, complete);
  const objects = lines.flatMap((line) => {
    const parsed = parseObject(line);
    return 'object' in parsed ? [parsed.object] : [];
  });
  const [first] = objects;
  return first && objects.length * 2 >= lines.length && !wrapsRecords(first) ? objects : undefined;
}

/** The objects at the beginning of a JSON input, which may be cut anywhere; of the one that is cut, the members it has. */
export function objectsIn(beginning: string): JsonObject[] {
  const lines = objectLines(beginning, false);
  if (lines) return lines;
  if (!/^\s*[[{]/.test(beginning)) return [];
  const scanner = new JsonScanner(Infinity);
  const records = scanner.scan(Buffer.from(beginning)).slice(0, LOOKED_AT);
  const texts = records.flatMap((record) => ('bytes' in record ? [record.bytes.toString()] : []));
  return [...texts, scanner.cutOff() ?? ''].flatMap((text) => {
    const parsed = parseObject(text);
    return 'object' in parsed ? [parsed.object] : [];
  });
}

const TOO_DEEP = 'the record is nested too deeply';
/** A shorter text cannot nest so deep that parsing it takes much memory. */
const DEEP_CHARS = 64 * 1024;

function parseLine(text: string): Parsed {
  if (text.length > DEEP_CHARS) {
    const records = new JsonScanner(Infinity).scan(Buffer.from(text));
    if (records.some((record) => 'dropped' in record)) return { reason: TOO_DEEP };
  }
  return parseObject(text);
}

async function* linewise(content: Content): AsyncGenerator<JsonRecord> {
  for await (const line of readLines(content)) {
    if ('tooLong' in line) yield { line: line.number, reason: tooLong(line.limitBytes) };
    else if (line.text.trim() !== '') yield { line: line.number, ...parseLine(line.text) };
  }
}

function parseRecord(record: ScannedRecord, maxBytes: number): JsonRecord {
  const { line } = record;
  if ('bytes' in record) return { line, ...parseObject(record.bytes.toString()) };
  const reason = record.dropped === 'too long' ? `the record is longer than ${maxBytes} bytes` : TOO_DEEP;
  return { line, reason };
}

async function* inOnePiece({ chunks, file, maxRecordBytes }: Content): AsyncGenerator<JsonRecord> {
  const scanner = new JsonScanner(maxRecordBytes);
  for await (const chunk of blaming(chunks, file, () => scanner.line)) {
    for (const record of scanner.scan(chunk)) yield parseRecord(record, maxRecordBytes);
  }
  for (const record of scanner.finish()) yield parseRecord(record, maxRecordBytes);
  if (scanner.complete) return;
  throw new AppError('BAD_INPUT', { file, line: scanner.line, reason: 'the JSON is cut off' });
}

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

async function* withoutMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of chunks) {
    const marked = first && BYTE_ORDER_MARK.equals(chunk.subarray(0, BYTE_ORDER_MARK.length));
    yield marked ? chunk.subarray(BYTE_ORDER_MARK.length) : chunk;
    first = false;
  }
}

/**
 * The records of JSON Lines, or of JSON in one piece: an array, an object with one or an array of them (`wrapsRecords`), or
 * values one after another however they are spread over lines. Bounded by `maxRecordBytes`: a larger record gives a
 * reason. A key that occurs twice counts as it does last. JSON in one piece that is cut off throws BAD_INPUT, after the
 * records before.
 */
export async function* readJsonRecords(content: Content): AsyncGenerator<JsonRecord> {
  const { head, complete, chunks, close } = await peek(content.chunks, BEGINNING_BYTES);
  try {
    const beginning = head.toString().replace(/^\uFEFF/, '');
    if (objectLines(beginning, complete)) yield* linewise({ ...content, chunks });
    else yield* inOnePiece({ ...content, chunks: withoutMark(chunks) });
  } finally {
    await close();
  }
}
