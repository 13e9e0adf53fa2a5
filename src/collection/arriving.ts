/** A sender of one-byte chunks must not make us keep one object a byte: beyond this many, parts are joined. */
const MAX_PARTS = 1024;

/** The bytes of a record that is still arriving. Past the limit only their number is kept. */
export class ArrivingBytes {
  private parts: Uint8Array[] = [];
  private arrived = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** How many have arrived, those over the limit too. */
  get length(): number {
    return this.arrived;
  }

  add(part: Uint8Array): void {
    this.arrived += part.length;
    if (this.arrived > this.maxBytes) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
    if (this.parts.length > MAX_PARTS) this.parts = [Buffer.concat(this.parts)];
  }

  /** The bytes so far, or `undefined` where they are over the limit; and a fresh start for the next record. */
  take(): Buffer | undefined {
    const { parts, arrived } = this;
    this.parts = [];
    this.arrived = 0;
    if (arrived > this.maxBytes) return undefined;
    const [first] = parts;
    if (!first || parts.length > 1) return Buffer.concat(parts);
    return Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  }
}
