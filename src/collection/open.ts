import { open, stat } from 'node:fs/promises';
import { AppError, reasonOf } from '../errors.ts';
import type { Input } from './contract.ts';
import { gunzipped, isGzip } from './gunzip.ts';

export interface DecodeOptions {
  /** Called with the bytes read so far, as they come from the source (compressed where they are). */
  readonly onBytes?: (bytesRead: number) => void;
  /** Limit on the bytes after decompression; PAYLOAD_TOO_LARGE beyond it. No limit when absent. */
  readonly maxBytes?: number;
}

const STANDARD_INPUT = '-';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'there is no permission to read it',
  EPERM: 'there is no permission to read it',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links run in a circle',
};

function unreadable(file: string, thrown: unknown): AppError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return new AppError('FILE_NOT_FOUND', { file, reason: REASONS[code] ?? reasonOf(thrown) }, { cause: thrown });
}

async function statOf(path: string) {
  const found = await stat(path).catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  if (found.isDirectory()) throw new AppError('FILE_NOT_FOUND', { file: path, reason: 'is a folder' });
  return found;
}

/** Size in bytes as stored (compressed where it is); `undefined` for a pipe. Throws FILE_NOT_FOUND. */
export async function sizeOf(path: string): Promise<number | undefined> {
  if (path === STANDARD_INPUT) return undefined;
  const found = await statOf(path);
  return found.isFile() ? found.size : undefined;
}

/** Opens a file, or standard input for `-`. Throws FILE_NOT_FOUND when it is absent, a folder or unreadable. */
export async function openInput(path: string, name: string = path): Promise<Input> {
  if (path === STANDARD_INPUT) return { name, stream: process.stdin };
  await statOf(path);
  const handle = await open(path).catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  return { name, stream: handle.createReadStream() };
}

export interface Peeked {
  /** At least the bytes asked for, or all there are. */
  readonly head: Buffer;
  /** Everything, the head included; throws what the source threw, after the bytes before it. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Whether the source ended or failed within the head. */
  readonly complete: boolean;
  /** What the source threw within the head. */
  readonly failure?: unknown;
  /** To be called when `chunks` is not read. */
  readonly close: () => Promise<void>;
}

/** Reads the beginning without losing it. Never throws: a failure of the source is kept for `chunks`. */
export async function peek(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let readBytes = 0;
  let complete = false;
  let failed: { readonly failure: unknown } | undefined;
  while (readBytes < bytes && !complete) {
    try {
      const next = await iterator.next();
      if (next.done) complete = true;
      else {
        read.push(next.value);
        readBytes += next.value.length;
      }
    } catch (failure) {
      complete = true;
      failed = { failure };
    }
  }
  const head = Buffer.concat(read);
  const close = async () => {
    await iterator.return?.();
  };
  async function* all(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      if (failed) throw failed.failure;
      while (!complete) {
        const next = await iterator.next();
        if (next.done) return;
        yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
    } finally {
      await close();
    }
  }
  return { head, chunks: all(), complete, ...failed, close };
}

async function* bytesOf(input: Input, onBytes: DecodeOptions['onBytes']): AsyncGenerator<Uint8Array> {
  let bytesRead = 0;
  const chunks: AsyncIterable<unknown> = input.stream;
  for await (const chunk of chunks) {
    const bytes = chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
    bytesRead += bytes.length;
    onBytes?.(bytesRead);
    yield bytes;
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new AppError('PAYLOAD_TOO_LARGE', { limitBytes });
    yield chunk;
  }
}

function wideEncoding(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

async function* transcoded(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/**
 * The bytes of an input as UTF-8: gzip is recognised by its first bytes and inflated, UTF-16 by its byte order mark.
 * Memory is constant. Throws PAYLOAD_TOO_LARGE past `maxBytes`, and a plain Error for damaged gzip or a failing source
 * (which `readLines` turns into BAD_INPUT), each after the bytes before it.
 */
export async function* decoded(input: Input, options: DecodeOptions = {}): AsyncGenerator<Uint8Array> {
  const raw = await peek(bytesOf(input, options.onBytes), 2);
  const plain = isGzip(raw.head) ? gunzipped(raw.chunks) : raw.chunks;
  const { head, chunks } = await peek(options.maxBytes === undefined ? plain : limited(plain, options.maxBytes), 2);
  const encoding = wideEncoding(head);
  yield* encoding ? transcoded(chunks, encoding) : chunks;
}
