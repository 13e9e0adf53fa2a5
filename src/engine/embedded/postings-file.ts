import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { writeFileAtomically } from './atomic-file.ts';
import { Postings } from './postings.ts';
import type { PostingsOptions } from './postings.ts';
import type { Base } from './postings-base.ts';
import { TOKENISER_VERSION } from './tokenise.ts';

/*
 * postings.bin, derived data that can always be made again from the store. Numbers in the machine's byte order:
 *
 *   header    64 bytes: see the places below; the rest zero
 *   offsets   int32 [terms + 1]        keys       int32 [documents]     documents  int32 [postings]
 *   lengths   uint16 [documents]       titleLengths uint16 [documents]  words      uint16 [words]
 *   frequencies uint8 [postings]       terms      UTF-8, each followed by a line feed
 *   trailer   uint32: CRC-32 of everything before it
 */

/** `PKPL` read as a little-endian number: a machine of the other byte order does not recognise the file. */
const MAGIC = 0x4c504b50;
const FORMAT_VERSION = 2;
const HEADER_BYTES = 64;
const TRAILER_BYTES = 4;
/** Places in the header, in 4-byte words; the revision is a float64. */
const AT = {
  magic: 0,
  format: 1,
  tokeniser: 2,
  terms: 3,
  documents: 4,
  postings: 5,
  termBytes: 6,
  words: 7,
  revision: 8,
} as const;

interface Sizes {
  readonly terms: number;
  readonly documents: number;
  readonly postings: number;
  readonly termBytes: number;
  readonly words: number;
}

/** Byte offset of each section; `end` is where the trailer begins. */
function layout({ terms, documents, postings, termBytes, words }: Sizes): Record<keyof Base | 'end', number> {
  const offsets = HEADER_BYTES;
  const keys = offsets + 4 * (terms + 1);
  const documentsAt = keys + 4 * documents;
  const lengths = documentsAt + 4 * postings;
  const titleLengths = lengths + 2 * documents;
  const wordsAt = titleLengths + 2 * documents;
  const frequencies = wordsAt + 2 * words;
  const termsAt = frequencies + postings;
  const end = termsAt + termBytes;
  const places = { offsets, keys, documents: documentsAt, lengths, titleLengths, words: wordsAt, frequencies };
  return { ...places, terms: termsAt, end };
}

function headerOf({ terms, documents, postings, termBytes, words: wordCount }: Sizes, revision: number): ArrayBuffer {
  const header = new ArrayBuffer(HEADER_BYTES);
  const words = new Uint32Array(header);
  words[AT.magic] = MAGIC;
  words[AT.format] = FORMAT_VERSION;
  words[AT.tokeniser] = TOKENISER_VERSION;
  words[AT.terms] = terms;
  words[AT.documents] = documents;
  words[AT.postings] = postings;
  words[AT.termBytes] = termBytes;
  words[AT.words] = wordCount;
  new Float64Array(header)[AT.revision / 2] = revision;
  return header;
}

function bytesOf(array: Int32Array | Uint16Array | Uint8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/**
 * Compacts the postings and writes them, atomically, with the store's revision they stand for. What is upserted while
 * the file is being written does not get into it. Rejects with the system's error, the old file untouched.
 */
export async function writePostings(postings: Postings, path: string, revision: number): Promise<void> {
  const base = postings.snapshot();
  const terms = new TextEncoder().encode(base.terms.map((term) => `${term}\n`).join(''));
  const sizes: Sizes = {
    terms: base.terms.length,
    documents: base.keys.length,
    postings: base.documents.length,
    termBytes: terms.length,
    words: base.words.length,
  };
  const { offsets, keys, documents, lengths, titleLengths, words, frequencies } = base;
  const sections = [offsets, keys, documents, lengths, titleLengths, words, frequencies].map(bytesOf);
  const chunks = [new Uint8Array(headerOf(sizes, revision)), ...sections, terms];
  // zlib starts again from 0 when it is given nothing.
  const checksum = chunks.reduce((sum, chunk) => (chunk.length > 0 ? crc32(chunk, sum) : sum), 0);
  await writeFileAtomically(path, [...chunks, new Uint8Array(Uint32Array.of(checksum).buffer)]);
}

async function readWhole(handle: FileHandle, bytes: Uint8Array): Promise<boolean> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, 1 << 30), at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}

/** The file's content, if it is whole and of this version. */
async function readChecked(path: string): Promise<ArrayBuffer | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch {
    // Not there, or not readable: made again, as it would be if it were damaged.
    return undefined;
  }
  try {
    const header = new ArrayBuffer(HEADER_BYTES);
    if (!(await readWhole(handle, new Uint8Array(header)))) return undefined;
    const words = new Uint32Array(header);
    const known = words[AT.magic] === MAGIC && words[AT.format] === FORMAT_VERSION;
    if (!known || words[AT.tokeniser] !== TOKENISER_VERSION) return undefined;
    // Checked against the size before any room is made: a damaged count must not ask for gigabytes.
    const bytes = layout(sizesIn(words)).end + TRAILER_BYTES;
    if ((await handle.stat()).size !== bytes) return undefined;
    const content = new ArrayBuffer(bytes);
    if (!(await readWhole(handle, new Uint8Array(content)))) return undefined;
    // zlib starts again from 0 when it is given nothing.
    const checksum = crc32(new Uint8Array(content, 0, bytes - TRAILER_BYTES));
    return new DataView(content).getUint32(bytes - TRAILER_BYTES, true) === checksum ? content : undefined;
  } finally {
    await handle.close();
  }
}

function sizesIn(words: Uint32Array): Sizes {
  return {
    terms: words[AT.terms] ?? 0,
    documents: words[AT.documents] ?? 0,
    postings: words[AT.postings] ?? 0,
    termBytes: words[AT.termBytes] ?? 0,
    words: words[AT.words] ?? 0,
  };
}

/** The arrays lie in the file's content, not copied. */
function baseIn(content: ArrayBuffer): Base {
  const sizes = sizesIn(new Uint32Array(content, 0, HEADER_BYTES / 4));
  const at = layout(sizes);
  const terms = new TextDecoder().decode(new Uint8Array(content, at.terms, sizes.termBytes)).split('\n');
  terms.pop();
  return {
    terms,
    offsets: new Int32Array(content, at.offsets, sizes.terms + 1),
    documents: new Int32Array(content, at.documents, sizes.postings),
    frequencies: new Uint8Array(content, at.frequencies, sizes.postings),
    keys: new Int32Array(content, at.keys, sizes.documents),
    lengths: new Uint16Array(content, at.lengths, sizes.documents),
    titleLengths: new Uint16Array(content, at.titleLengths, sizes.documents),
    words: new Uint16Array(content, at.words, sizes.words),
  };
}

/**
 * Reads what `writePostings` wrote. `undefined` when there is no such file, or it is cut short, damaged, or of another
 * version of the format or the tokeniser: the caller makes the postings anew.
 */
export async function readPostings(
  path: string,
  options: PostingsOptions = {},
): Promise<{ readonly postings: Postings; readonly revision: number } | undefined> {
  const content = await readChecked(path);
  if (!content) return undefined;
  const revision = new Float64Array(content, 0, HEADER_BYTES / 8)[AT.revision / 2] ?? 0;
  return { postings: new Postings(options, baseIn(content)), revision };
}
