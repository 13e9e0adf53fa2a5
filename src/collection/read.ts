import { AppError, reasonOf } from '../errors.ts';
import { isZip, type Member, membersOf, spooled } from './archive.ts';
import type { Format, Input, Reading } from './contract.ts';
import { decompressed, MAGIC_BYTES } from './decompress.ts';
import { detached } from './detached.ts';
import { toUtf8, zerosToBlanks } from './encoding.ts';
import { formatNamed, formatOf } from './formats.ts';
import { damage, DEFAULT_MAX_RECORD_BYTES } from './lines.ts';
import { openInput } from './open.ts';
import { peek, type Peeked } from './peek.ts';

export interface ReadOptions {
  /** Called with the bytes read so far, as they come from the source (compressed where they are). */
  readonly onBytes?: (bytesRead: number) => void;
  /** Limit on the bytes after decompression, of all members of an archive together; PAYLOAD_TOO_LARGE beyond it. */
  readonly maxBytes?: number;
  /** Name of a format; recognised from the content when absent. */
  readonly format?: string;
  /** Larger records are rejected. Bounds the memory a reader takes. */
  readonly maxRecordBytes?: number;
  /** For tables: the column that holds a field, by the field's name, e.g. `{ abstract: 'Summary' }`. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Rejects papers without an abstract. */
  readonly requireAbstract?: boolean;
  /** `reject`: what cannot be read gives a rejection, as within a folder, where the next file follows; else it is thrown. */
  readonly onFailure?: 'throw' | 'reject';
}

export interface PathSource {
  /** `-`: standard input. */
  readonly path: string;
  /** What messages and rejections call it; the path itself when absent. */
  readonly name?: string;
}

/** How much of an input its format is recognised from. */
const BEGINNING_BYTES = 64 * 1024;
/** An empty list is what an empty library exports, and what an API answers for a day without papers. */
const NOTHING = /^\uFEFF?\s*(?:\[\s*\]\s*)?$/;
/** An archive in an archive is read, one in that is not: each level takes the whole of it to disk. */
const MAX_ARCHIVE_DEPTH = 2;
/** What is wrong with one file of many, and no reason to leave the others unread. */
const OF_ONE_FILE: ReadonlySet<string> = new Set(['UNKNOWN_FORMAT', 'BAD_INPUT', 'FILE_NOT_FOUND', 'USAGE']);

/** Bytes on their way, by the name that messages call them. */
interface Bytes {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly path?: string | undefined;
}

/** What is the same for everything that one call reads. */
interface Reader {
  readonly format: Format | undefined;
  readonly maxRecordBytes: number;
  readonly columns: Readonly<Record<string, string>>;
  readonly onBytes: (bytesRead: number) => void;
  /** Passes chunks on; throws PAYLOAD_TOO_LARGE once there were too many bytes in all. */
  readonly limited: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

async function* counted(chunks: AsyncIterable<unknown>, onBytes: Reader['onBytes']): AsyncGenerator<Uint8Array> {
  let bytesRead = 0;
  for await (const chunk of chunks) {
    const bytes = chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
    bytesRead += bytes.length;
    onBytes(bytesRead);
    yield bytes;
  }
}

function limitTo(limitBytes: number): Reader['limited'] {
  let bytes = 0;
  return async function* limited(chunks) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > limitBytes) throw new AppError('PAYLOAD_TOO_LARGE', { limitBytes });
      yield chunk;
    }
  };
}

function formatFor(beginning: Peeked, file: string, columns: Reader['columns']): Format | undefined {
  const text = beginning.head.toString('utf8', 0, BEGINNING_BYTES);
  if (NOTHING.test(text) && beginning.complete) {
    if ('failure' in beginning) throw damage(file, 1, beginning.failure);
    return undefined;
  }
  try {
    return formatOf(text, file);
  } catch (unknown) {
    // Named columns are those of a table, whose header need not tell anything then.
    if (Object.keys(columns).length > 0) return formatNamed('csv');
    // A damaged input may be unrecognisable only because so little of it was left.
    throw 'failure' in beginning ? damage(file, 1, beginning.failure) : unknown;
  }
}

async function* readText(
  file: string,
  text: AsyncIterable<Uint8Array>,
  { format, maxRecordBytes, columns }: Reader,
): AsyncGenerator<Reading> {
  const beginning = await peek(text, BEGINNING_BYTES);
  try {
    const chosen = format ?? formatFor(beginning, file, columns);
    const chunks = zerosToBlanks(beginning.chunks);
    if (chosen) yield* detached({ file, chunks, maxRecordBytes, columns }, chosen.read);
  } finally {
    await beginning.close();
  }
}

/** The readings of one file among many; where it cannot be read (on), a rejection says so. */
async function* ofOneFile(file: string, readings: AsyncIterable<Reading>): AsyncGenerator<Reading> {
  try {
    yield* readings;
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !OF_ONE_FILE.has(thrown.code)) throw thrown;
    const { line, reason } = thrown.details;
    const unrecognised = thrown.code === 'UNKNOWN_FORMAT' ? 'the format is not recognised from the content' : undefined;
    yield {
      kind: 'rejected',
      file,
      line: typeof line === 'number' ? line : 1,
      reason: typeof reason === 'string' ? reason : (unrecognised ?? thrown.message),
    };
  }
}

async function* membersIn(archive: string, path: string, onBytes: Reader['onBytes']): AsyncGenerator<Member> {
  let bytesRead = 0;
  let members = 0;
  try {
    for await (const member of membersOf(path, (count) => onBytes((bytesRead += count)))) {
      members += 1;
      yield member;
    }
  } catch (thrown) {
    const reason = `the zip is damaged: ${reasonOf(thrown)}`;
    throw damage(archive, members + 1, new Error(reason, { cause: thrown }));
  }
}

async function* readMembers(
  archive: string,
  members: AsyncIterable<Member>,
  reader: Reader,
  depth: number,
): AsyncGenerator<Reading> {
  for await (const member of members) {
    const file = `${archive}/${member.name}`;
    if ('reason' in member) yield { kind: 'rejected', file, line: 1, reason: member.reason };
    else yield* ofOneFile(file, readBytes({ name: file, chunks: member.chunks }, reader, depth));
  }
}

async function* readArchive(
  { name, path }: Bytes,
  whole: Peeked,
  reader: Reader,
  depth: number,
): AsyncGenerator<Reading> {
  if (depth > MAX_ARCHIVE_DEPTH) throw damage(name, 1, new Error('an archive in an archive in an archive is not read'));
  if (path !== undefined) {
    await whole.close();
    yield* readMembers(name, membersIn(name, path, reader.onBytes), reader, depth);
    return;
  }
  const file = await spooled(reader.limited(whole.chunks)).catch((thrown: unknown) => {
    throw damage(name, 1, thrown);
  });
  try {
    yield* readMembers(
      name,
      membersIn(name, file.path, () => undefined),
      reader,
      depth,
    );
  } finally {
    await file.remove();
  }
}

/** Readings of bytes in whatever packing, format and encoding; `depth` counts the archives around them. */
async function* readBytes(bytes: Bytes, reader: Reader, depth = 0): AsyncGenerator<Reading> {
  const whole = await peek(bytes.chunks, MAGIC_BYTES);
  try {
    if (isZip(whole.head)) yield* readArchive(bytes, whole, reader, depth + 1);
    else yield* readText(bytes.name, toUtf8(reader.limited(decompressed(whole))), reader);
  } finally {
    await whole.close();
  }
}

async function* withAbstract(readings: AsyncIterable<Reading>): AsyncGenerator<Reading> {
  for await (const reading of readings) {
    if (reading.kind !== 'paper' || reading.paper.abstract !== '') yield reading;
    else {
      const { file, line } = reading;
      yield { kind: 'rejected', file, line, field: 'abstract', reason: 'there is no abstract' };
    }
  }
}

async function* readOpened(source: PathSource | Input, reader: Reader): AsyncGenerator<Reading> {
  const { name, stream, path } = 'stream' in source ? source : await openInput(source.path, source.name);
  try {
    yield* readBytes({ name, path, chunks: counted(stream, reader.onBytes) }, reader);
  } finally {
    stream.destroy();
  }
}

/**
 * Papers and rejections of a file (`-`: standard input) or of an open input, in its order, in constant memory; an empty
 * input gives none. It may be compressed, in any encoding, or a zip of such files. The input is closed at the end,
 * whichever way it ends.
 * Throws FILE_NOT_FOUND, UNKNOWN_FORMAT, USAGE (no such format), PAYLOAD_TOO_LARGE (past `maxBytes`), and BAD_INPUT with
 * the line reached (in an archive: the member) when the input is damaged; the readings before the damage come first.
 * Within an archive, a member that cannot be read is a rejection, and the next one follows.
 */
export async function* readPapers(source: PathSource | Input, options: ReadOptions = {}): AsyncGenerator<Reading> {
  const { onBytes = () => undefined, maxRecordBytes = DEFAULT_MAX_RECORD_BYTES, columns = {} } = options;
  const format = options.format === undefined ? undefined : formatNamed(options.format);
  const reader = { format, maxRecordBytes, columns, onBytes, limited: limitTo(options.maxBytes ?? Infinity) };
  const opened = readOpened(source, reader);
  const name = source.name ?? source.path ?? '';
  const readings = options.onFailure === 'reject' ? ofOneFile(name, opened) : opened;
  yield* options.requireAbstract ? withAbstract(readings) : readings;
}
