import { isUtf8 } from 'node:buffer';
import { peek } from './peek.ts';

/** What the encoding is told from; declarations and byte order marks stand at the beginning. */
const HEAD_BYTES = 4096;
/** Of UTF-16, the share of zero bytes at one parity from which text without a byte order mark is taken for it. */
const LEAST_ZEROS = 0.1;
const MOST_STRAY_ZEROS = 0.01;

const BLANK = 0x20;
const UNDEFINED = '\uFFFD';
/** Windows-1252 from 0x80 to 0x9F; from 0xA0 on it is Latin-1, and its numbers are Unicode's. */
const WINDOWS_1252 = `€${UNDEFINED}‚ƒ„…†‡ˆ‰Š‹Œ${UNDEFINED}Ž${UNDEFINED}${UNDEFINED}‘’“”•–—˜™š›œ${UNDEFINED}žŸ`;
const SINGLE_BYTES: readonly Buffer[] = Array.from({ length: 128 }, (_, at) =>
  Buffer.from(WINDOWS_1252[at] ?? String.fromCharCode(0x80 + at)),
);
const MOST_BYTES_OF_ONE = 3;

/** `mixed`: UTF-8, and what is none is Windows-1252. Anything else is a name that TextDecoder knows. */
type Encoding = 'mixed' | 'windows-1252' | (string & {});

function byAlternatingZeros(head: Uint8Array): Encoding | undefined {
  const zeros = [0, 0];
  const pairs = head.length >> 1;
  for (let at = 0; at < pairs * 2; at += 1) if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros.map((count) => count / Math.max(pairs, 1));
  // The first character of every format we read is ASCII.
  if (head[1] === 0 && head[0] !== 0 && odd >= LEAST_ZEROS && even <= MOST_STRAY_ZEROS) return 'utf-16le';
  if (head[0] === 0 && head[1] !== 0 && even >= LEAST_ZEROS && odd <= MOST_STRAY_ZEROS) return 'utf-16be';
  return undefined;
}

/** What an XML declaration says, unless it cannot be: its own letters show that it is not written in UTF-16. */
function declared(head: Buffer): Encoding | undefined {
  const label = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head.toString('latin1'))?.[1];
  if (label === undefined) return undefined;
  try {
    const { encoding } = new TextDecoder(label);
    return encoding === 'utf-8' || encoding.startsWith('utf-16') ? undefined : encoding;
  } catch {
    // A label that nobody knows says nothing.
    return undefined;
  }
}

function encodingOf(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return byAlternatingZeros(head) ?? declared(head) ?? 'mixed';
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80 && byte <= 0xbf;

/** The lead bytes of each length, with the second bytes that may follow (surrogates and overlong forms may not). */
function secondMay(lead: number, second: number | undefined): boolean {
  if (!isContinuation(second) || second === undefined) return false;
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second <= 0x8f;
}

function lengthByLead(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** How many bytes the UTF-8 character at `at` has; 0 where there is none. */
function characterBytes(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lengthByLead(lead);
  if (length < 2) return length;
  if (!secondMay(lead, bytes[at + 1])) return 0;
  for (let next = 2; next < length; next += 1) if (!isContinuation(bytes[at + next])) return 0;
  return length;
}

/** UTF-8 as it is, every other byte as Windows-1252 has it. */
function repaired(bytes: Uint8Array, keepsUtf8: boolean): Buffer {
  const output = Buffer.allocUnsafe(bytes.length * MOST_BYTES_OF_ONE);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const kept = lead < 0x80 ? 1 : keepsUtf8 ? characterBytes(bytes, at) : 0;
    for (let next = at; next < at + kept; next += 1) output[length++] = bytes[next] ?? 0;
    if (kept === 0) length += SINGLE_BYTES[lead - 0x80]?.copy(output, length) ?? 0;
    at += Math.max(kept, 1);
  }
  return output.subarray(0, length);
}

/** Where a character begins that the end of the bytes cuts; their length where there is none. */
function cutAt(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at -= 1) {
    const byte = bytes[at] ?? 0;
    if (isContinuation(byte)) continue;
    return lengthByLead(byte) > bytes.length - at ? at : bytes.length;
  }
  return bytes.length;
}

const hasMark = (head: Uint8Array): boolean => head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;

async function* mixedToUtf8(chunks: AsyncIterable<Uint8Array>, skipBytes: number): AsyncGenerator<Uint8Array> {
  let cut: Uint8Array = Buffer.alloc(0);
  let toSkip = skipBytes;
  for await (const chunk of chunks) {
    const bytes = cut.length > 0 ? Buffer.concat([cut, chunk]) : chunk.subarray(toSkip);
    toSkip = 0;
    const end = cutAt(bytes);
    cut = Buffer.from(bytes.subarray(end));
    const whole = bytes.subarray(0, end);
    if (whole.length > 0) yield isUtf8(whole) ? whole : repaired(whole, true);
  }
  if (cut.length > 0) yield repaired(cut, true);
}

async function* transcoded(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

async function* windows1252ToUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield repaired(chunk, false);
}

/**
 * Text of any encoding as UTF-8 without a byte order mark: UTF-16 by its mark or by its zeros, XML as its declaration says.
 * Anything else is read as UTF-8, and each byte that is no part of a UTF-8 character as Windows-1252: so Latin-1 is read
 * right from wherever it begins, also where one record of a UTF-8 file was pasted in from elsewhere.
 * Throws what `chunks` throws, after the text before it.
 */
export async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, chunks: all } = await peek(chunks, HEAD_BYTES);
  const encoding = encodingOf(head.subarray(0, HEAD_BYTES));
  if (encoding === 'mixed') yield* mixedToUtf8(all, hasMark(head) ? 3 : 0);
  // Some versions of Node's TextDecoder read Windows-1252 as Latin-1.
  else if (encoding === 'windows-1252') yield* windows1252ToUtf8(all);
  else yield* transcoded(all, encoding);
}

/** Zero bytes mean nothing in text, and JSON and XML allow none: a record that holds one is read as if it were a blank. */
export async function* zerosToBlanks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.includes(0) ? withoutZeros(chunk) : chunk;
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const blanked = Uint8Array.from(bytes);
  for (let at = 0; at < blanked.length; at += 1) if (blanked[at] === 0) blanked[at] = BLANK;
  return blanked;
}
