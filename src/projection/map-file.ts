import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import type { MapRegion, PaperKey } from '../domain/mod.ts';
import { writeFileAtomically } from '../engine/mod.ts';

const MAP_FILE = 'map.bin';
/** Another layout of the file gets another number; a file of another number counts as absent. */
const FORMAT = 1;

const wholeNumber = z.number().int().nonnegative();
const headerSchema = z.object({
  format: z.literal(FORMAT),
  fingerprint: z.string(),
  layout: wholeNumber,
  laidOut: wholeNumber,
  laidOutAt: wholeNumber,
  label: wholeNumber,
  revision: wholeNumber,
  rows: wholeNumber,
  regions: z.array(
    z.object({
      id: wholeNumber,
      level: wholeNumber,
      parent: wholeNumber.nullable(),
      x: z.number(),
      y: z.number(),
      papers: wholeNumber,
      terms: z.array(z.string()),
    }),
  ),
  /** Some papers with their ids: a map of another library, copied here, shows by them. */
  proof: z.array(z.tuple([wholeNumber, z.string()])),
  crc32: wholeNumber,
});

/** A map as it is kept. */
export interface StoredMap {
  /** Of the embeddings that it shows. */
  readonly fingerprint: string;
  /** When it was laid out, in ms since 1970: names the layout. */
  readonly layout: number;
  /** Rows of the layout; what follows them was placed later. */
  readonly laidOut: number;
  /** Revision of the store then: papers that were removed after it may have rows. */
  readonly laidOutAt: number;
  /** Up to which embedding and revision papers have rows. */
  readonly label: number;
  readonly revision: number;
  /** `[rows]` */
  readonly keys: Int32Array;
  /** `[rows, 2]` */
  readonly places: Float32Array;
  /** `[rows]` */
  readonly finest: Uint16Array;
  readonly regions: readonly MapRegion[];
  readonly proof: ReadonlyArray<readonly [PaperKey, string]>;
}

const mapPath = (workspace: string): string => join(workspace, MAP_FILE);
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Tells one state of the file from another; `undefined` where there is none. */
export async function mapFileVersion(workspace: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(mapPath(workspace));
    return `${ino}-${mtimeMs}-${size}`;
  } catch {
    return undefined;
  }
}

/** Replaces the map of a workspace in one step. */
export async function writeMap(workspace: string, map: StoredMap): Promise<void> {
  const { keys, places, finest, ...rest } = map;
  const body = [keys, places, finest].map(bytesOf);
  const sum = body.reduce((before, bytes) => crc32(bytes, before), 0);
  const header = new TextEncoder().encode(JSON.stringify({ format: FORMAT, rows: keys.length, crc32: sum, ...rest }));
  await writeFileAtomically(mapPath(workspace), [bytesOf(Uint32Array.of(header.length)), header, ...body]);
}

/** `undefined` where the file is absent, damaged, or of another program's format: a map can be made again. */
export async function readMap(workspace: string): Promise<StoredMap | undefined> {
  try {
    const file = await readFile(mapPath(workspace));
    const start = 4 + file.readUInt32LE(0);
    const {
      rows,
      crc32: sum,
      format: _format,
      ...header
    } = headerSchema.parse(JSON.parse(file.subarray(4, start).toString('utf8')));
    // Copied, since the numbers need not begin where the machine can read them.
    const body = new Uint8Array(file.subarray(start)).buffer;
    if (body.byteLength !== rows * 14 || crc32(new Uint8Array(body)) !== sum) return undefined;
    return {
      ...header,
      keys: new Int32Array(body, 0, rows),
      places: new Float32Array(body, rows * 4, rows * 2),
      finest: new Uint16Array(body, rows * 12, rows),
    };
  } catch {
    return undefined;
  }
}
