import type { Database } from 'better-sqlite3';
import { type PackedVector, packVector, unpackVector } from '../domain/packed-vector.ts';
import type { PaperKey } from '../domain/mod.ts';

/** A sentence of an abstract, by its UTF-16 offsets, with the unit vector it has by itself. */
export interface StoredSentence {
  readonly start: number;
  readonly end: number;
  readonly vector: Float32Array;
}

/** An embedded text whose sentences are not embedded yet. */
export interface PendingSentences {
  /** Of the text's embedding. */
  readonly label: number;
  readonly abstract: string;
}

export interface LabelledSentences {
  readonly label: number;
  readonly sentences: readonly StoredSentence[];
}

function pushVarint(into: number[], value: number): void {
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) into.push((rest & 0x7f) | 0x80);
  into.push(rest);
}

/** `[dimensions, (blanks since the last sentence, length, vector)…]`: numbers as varints, vectors a byte a component. */
export function packSentences(sentences: readonly StoredSentence[]): Uint8Array {
  const [first] = sentences;
  if (!first) return new Uint8Array(0);
  const bytes: number[] = [];
  pushVarint(bytes, first.vector.length);
  let at = 0;
  for (const { start, end, vector } of sentences) {
    pushVarint(bytes, start - at);
    pushVarint(bytes, end - start);
    for (const value of packVector(vector)) bytes.push(value & 0xff);
    at = end;
  }
  return Uint8Array.from(bytes);
}

/** What `packSentences` has packed; of a blob cut short the sentences that are whole. */
export function unpackSentences(blob: Uint8Array): StoredSentence[] {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = blob[at] ?? 0;
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte <= 0x7f) break;
    }
    return value;
  };
  const dimensions = varint();
  const sentences: StoredSentence[] = [];
  let last = 0;
  while (at < blob.length) {
    const start = last + varint();
    last = start + varint();
    if (at + dimensions > blob.length) break;
    const packed: PackedVector = new Int8Array(blob.buffer, blob.byteOffset + at, dimensions);
    sentences.push({ start, end: last, vector: unpackVector(packed) });
    at += dimensions;
  }
  return sentences;
}

// An abstract of a text, whichever paper has it: the same text has the same.
const PENDING = `FROM embeddings e WHERE e.fingerprint = ? AND e.label > ?
  AND NOT EXISTS (SELECT 1 FROM sentences s WHERE s.label = e.label)
  AND EXISTS (SELECT 1 FROM papers p WHERE p.text_hash = e.text_hash)`;

function prepare(db: Database) {
  return {
    put: db.prepare<[number, Uint8Array]>('INSERT OR IGNORE INTO sentences (label, sentences) VALUES (?, ?)'),
    pending: db.prepare<[number, number, number], PendingSentences>(
      `SELECT e.label, (SELECT abstract FROM papers p WHERE p.text_hash = e.text_hash LIMIT 1) AS abstract ${PENDING}
       ORDER BY e.label LIMIT ?`,
    ),
    countPending: db.prepare<[number, number], number>(`SELECT count(*) ${PENDING}`).pluck(),
    ofPaper: db
      .prepare<[number, number], Uint8Array>(
        `SELECT s.sentences FROM papers p
         JOIN embeddings e ON e.text_hash = p.text_hash AND e.fingerprint = ?
         JOIN sentences s ON s.label = e.label WHERE p.key = ?`,
      )
      .pluck(),
  };
}

/** Embeddings of the sentences of abstracts, each filed under the label of its text's embedding. */
export class Sentences {
  readonly #statements;

  constructor(db: Database) {
    this.#statements = prepare(db);
  }

  put({ label, sentences }: LabelledSentences): void {
    this.#statements.put.run(label, packSentences(sentences));
  }

  pending(fingerprint: number, after: number, limit: number): PendingSentences[] {
    return this.#statements.pending.all(fingerprint, after, limit);
  }

  countPending(fingerprint: number): number {
    return this.#statements.countPending.get(fingerprint, 0) ?? 0;
  }

  of(key: PaperKey, fingerprint: number): StoredSentence[] | undefined {
    const blob = this.#statements.ofPaper.get(fingerprint, key);
    return blob && unpackSentences(blob);
  }
}
