// The package has no types of its own. Declared is what `bunzip.ts` uses.

declare module 'unbzip2-stream/lib/bit_iterator.js' {
  /** Reads so many bits; `null` goes to the next whole byte. */
  interface Bits {
    (count: number | null): number;
    readonly bytesRead: number;
  }
  /** `nextBytes` is called whenever the bytes it gave are used up, and must not give an empty array but the first time. */
  export default function bitIterator(nextBytes: () => Uint8Array): Bits;
}

declare module 'unbzip2-stream/lib/bzip2.js' {
  import type { Bits } from 'unbzip2-stream/lib/bit_iterator.js';
  const bzip2: {
    /** Reads the header of a stream; gives the size of its blocks in units of 100,000 bytes. */
    header(bits: Bits): number;
    /**
     * Reads one block, and calls `onByte` with each byte of it. Gives the checksum so far, or `null` where the stream
     * ended instead. `buffer` is working space.
     */
    decompress(
      bits: Bits,
      onByte: (byte: number) => void,
      buffer: Int32Array,
      bufferLength: number,
      checksum: number,
    ): number | null;
  };
  export default bzip2;
}
