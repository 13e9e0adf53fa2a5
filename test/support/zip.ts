import { crc32, deflateRawSync } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const UNKNOWN_16 = 0xffff;
const UNKNOWN_32 = 0xffffffff;

export interface ZipMember {
  readonly name: string | Uint8Array;
  readonly content: string | Uint8Array;
  /** 8 (deflate) where absent. */
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly packed?: Uint8Array;
  /** The mode of a Unix file. */
  readonly mode?: number;
  /** Where the member's bytes begin; after the member before it when absent. */
  readonly offset?: number;
}

function numbers(...fields: readonly (readonly [value: number, bytes: 2 | 4 | 8])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes);
      if (bytes === 8) field.writeBigUInt64LE(BigInt(value));
      else field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}

function headersOf(member: ZipMember, offset: number, is64: boolean) {
  const content = Buffer.from(member.content);
  const { method = 8, flags = 0, crc = crc32(content), mode = 0 } = member;
  const packed = member.packed ?? (method === 8 ? deflateRawSync(content) : content);
  const name = Buffer.from(member.name);
  const sizes = [
    [crc, 4],
    [packed.length, 4],
    [content.length, 4],
  ] as const;
  const stated = is64
    ? ([
        [crc, 4],
        [UNKNOWN_32, 4],
        [UNKNOWN_32, 4],
      ] as const)
    : sizes;
  const extra = is64 ? numbers([1, 2], [24, 2], [content.length, 8], [packed.length, 8], [offset, 8]) : Buffer.alloc(0);
  const how = [
    [20, 2],
    [flags, 2],
    [method, 2],
    [0, 4],
  ] as const;
  const local = numbers([LOCAL, 4], ...how, ...sizes, [name.length, 2], [0, 2]);
  const central = Buffer.concat([
    numbers([CENTRAL, 4], [20, 2], ...how, ...stated, [name.length, 2], [extra.length, 2], [0, 2], [0, 4]),
    numbers([mode * 0x10000, 4], [is64 ? UNKNOWN_32 : offset, 4]),
    name,
    extra,
  ]);
  return { file: Buffer.concat([local, name, packed]), central };
}

/** A zip as any program writes it, or one that none would. */
export function zipOf(members: readonly ZipMember[], is64 = false): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { file, central } = headersOf(member, member.offset ?? offset, is64);
    directory.push(central);
    if (member.offset === undefined) {
      files.push(file);
      offset += file.length;
    }
  }
  const central = Buffer.concat(directory);
  const count = members.length;
  const end64 = Buffer.concat([
    numbers(
      [END_64, 4],
      [44, 8],
      [45, 2],
      [45, 2],
      [0, 4],
      [0, 4],
      [count, 8],
      [count, 8],
      [central.length, 8],
      [offset, 8],
    ),
    numbers([LOCATOR_64, 4], [0, 4], [offset + central.length, 8], [1, 4]),
  ]);
  const short = is64
    ? numbers([UNKNOWN_16, 2], [UNKNOWN_16, 2], [UNKNOWN_32, 4], [UNKNOWN_32, 4])
    : numbers([count, 2], [count, 2], [central.length, 4], [offset, 4]);
  const end = Buffer.concat([numbers([END, 4], [0, 4]), short, numbers([0, 2])]);
  return Buffer.concat([...files, central, ...(is64 ? [end64] : []), end]);
}
