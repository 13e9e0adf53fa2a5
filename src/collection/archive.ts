import { isUtf8 } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { beirPart, isPassedOver } from './folder.ts';
import { inflated } from './inflate.ts';
import { excerpt } from './text.ts';

/** Whether these are the first bytes of a zip, be it empty. */
export function isZip(head: Uint8Array): boolean {
  const [first, second, third, fourth] = head;
  return first === 0x50 && second === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}

/** A file in an archive: its bytes, to be read before the next member is asked for, or why there are none. */
export type Member = { readonly name: string } & (
  { readonly chunks: AsyncIterable<Uint8Array> } | { readonly reason: string }
);

const STORED = 0;
const DEFLATED = 8;
const MAX_SHOWN_NAME = 300;
/** Folders with a corpus that are remembered. Archives of collections have a handful; an archive made to fill memory has more. */
const MAX_BEIR_FOLDERS = 1000;

/** Names are for messages only, nothing is written: `..` in them does no harm, what could steer a terminal would. */
function nameOf({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  // Many programs write UTF-8 without the flag that says so.
  if (isUtf8(fileNameRaw)) return fileNameRaw.toString('utf8').replaceAll('\\', '/');
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

/** The upper half holds the mode of a Unix file. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0xf000) === 0xa000;
}

function open(path: string): Promise<ZipFile> {
  // Names are decoded here, as the library would refuse the whole archive for one of them.
  return openPromise(path, { autoClose: false, decodeStrings: false });
}

/** Folders that hold a BEIR corpus and what goes with it. */
async function beirFolders(zip: ZipFile): Promise<string[]> {
  const parts = new Map<string, Set<string>>();
  for await (const entry of zip.eachEntry()) {
    const path = nameOf(entry).split('/');
    // `a/qrels/test.tsv` has its part one step up.
    for (const depth of [1, 2]) {
      const part = beirPart(path.at(-depth) ?? '');
      const folder = path.slice(0, -depth).join('/');
      const known = parts.get(folder);
      if (part && known) known.add(part);
      else if (part && parts.size < MAX_BEIR_FOLDERS) parts.set(folder, new Set([part]));
    }
  }
  return [...parts].filter(([, found]) => found.size === 2).map(([folder]) => folder);
}

function isRead(path: readonly string[], beir: readonly string[]): boolean {
  const folder = path.slice(0, -1).join('/');
  const within = beir.find((root) => root === '' || folder === root || folder.startsWith(`${root}/`));
  if (within !== undefined) return folder === within && beirPart(path.at(-1) ?? '') === 'corpus';
  return !path.some((name) => name !== '..' && name !== '.' && isPassedOver(name));
}

/** The bytes of a member; throws an Error where they are not those that were packed, after the bytes before the damage. */
async function* unpacked(zip: ZipFile, entry: Entry, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  async function* packed(): AsyncGenerator<Uint8Array> {
    const chunks: AsyncIterable<Uint8Array> = stream;
    for await (const chunk of chunks) {
      onBytes(chunk.length);
      yield chunk;
    }
  }
  let bytes = 0;
  let checksum = 0;
  try {
    for await (const chunk of entry.compressionMethod === DEFLATED ? inflated(packed(), 'zip') : packed()) {
      bytes += chunk.length;
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } finally {
    stream.destroy();
  }
  if (bytes !== entry.uncompressedSize) throw new Error('the zip is damaged: the length is another');
  if (checksum !== entry.crc32) throw new Error('the zip is damaged: the checksum is another');
}

function unreadable(entry: Entry): string | undefined {
  if (entry.isEncrypted()) return 'is encrypted';
  if (entry.compressionMethod === STORED || entry.compressionMethod === DEFLATED) return undefined;
  return `is compressed in a way that is not read (method ${entry.compressionMethod})`;
}

async function* membersIn(
  zip: ZipFile,
  beir: readonly string[],
  onBytes: (count: number) => void,
): AsyncGenerator<Member> {
  let packedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    const raw = nameOf(entry);
    if (raw.endsWith('/') || isLink(entry) || !isRead(raw.split('/'), beir)) continue;
    packedBytes += entry.compressedSize;
    // Archives made to unfold without end list the same bytes again and again.
    if (packedBytes > zip.fileSize) throw new Error('its members overlap');
    const reason = unreadable(entry);
    const name = excerpt(raw, MAX_SHOWN_NAME);
    yield reason === undefined ? { name, chunks: unpacked(zip, entry, onBytes) } : { name, reason };
  }
}

/**
 * The files in a zip that may hold papers, in its own order: what a folder of them would give (see `filesIn`), with empty
 * ones. `onBytes` is told of packed bytes as they are read. Throws a plain Error where the list of members is damaged.
 */
export async function* membersOf(path: string, onBytes: (count: number) => void): AsyncGenerator<Member> {
  const beir = await withZip(path, beirFolders);
  const zip = await open(path);
  try {
    yield* membersIn(zip, beir, onBytes);
  } finally {
    zip.close();
  }
}

async function withZip<Value>(path: string, use: (zip: ZipFile) => Promise<Value>): Promise<Value> {
  const zip = await open(path);
  try {
    return await use(zip);
  } finally {
    zip.close();
  }
}

export interface Spooled {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** Writes what cannot be read at any place, such as a pipe, into a temporary file. Throws what `chunks` throws. */
export async function spooled(chunks: AsyncIterable<Uint8Array>): Promise<Spooled> {
  const folder = await mkdtemp(join(tmpdir(), 'paperkin-spool-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'archive.zip');
  try {
    await pipeline(chunks, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  return { path, remove };
}
