import type { Database } from 'better-sqlite3';
import type { PaperKey } from '../domain/mod.ts';
import { type PackedVector, packVector } from '../domain/packed-vector.ts';
import { blobOf, packedFrom, vectorFrom } from './rows.ts';
import { Sentences } from './sentences.ts';
import { TokenVectorTable } from './token-vectors.ts';

/** A text that has no embedding of the asked fingerprint yet. */
export interface PendingText {
  readonly key: PaperKey;
  readonly textHash: Uint8Array;
  readonly title: string;
  readonly abstract: string;
}

export interface StoredEmbedding {
  readonly textHash: Uint8Array;
  readonly vector: Float32Array;
  /** Of what lies past the model's cut. */
  readonly rest?: Float32Array | undefined;
  /** Of its words, as the encoder packs them. */
  readonly tokens?: { readonly vectors: Int8Array } | undefined;
}

/** An embedding as the engine files it: `label` names the text, `key` a paper that has it. */
export interface LabelledVector {
  readonly key: PaperKey;
  readonly label: number;
  readonly vector: Float32Array;
  readonly rest: PackedVector | undefined;
}

function prepare(db: Database) {
  return {
    pending: db.prepare<[number, number, number], PendingText>(
      `SELECT key, text_hash AS textHash, title, abstract FROM papers p
       WHERE NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.text_hash = p.text_hash AND e.fingerprint = ?)
         AND key > ? ORDER BY key LIMIT ?`,
    ),
    countPending: db
      .prepare<[number], number>(
        `SELECT count(*) FROM papers p
         WHERE NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.text_hash = p.text_hash AND e.fingerprint = ?)`,
      )
      .pluck(),
    fingerprint: db.prepare<[string], number>('SELECT id FROM fingerprints WHERE fingerprint = ?').pluck(),
    putFingerprint: db.prepare('INSERT OR IGNORE INTO fingerprints (fingerprint, model) VALUES (?, ?)'),
    put: db.prepare('INSERT OR IGNORE INTO embeddings (text_hash, fingerprint, vector, rest) VALUES (?, ?, ?, ?)'),
    dropOthers: db.prepare('DELETE FROM embeddings WHERE fingerprint <> ?'),
    since: db.prepare<[number, number], { key: number; label: number; vector: Uint8Array; rest: Uint8Array | null }>(
      `SELECT p.key, e.label, e.vector, e.rest FROM embeddings e JOIN papers p ON p.text_hash = e.text_hash
       WHERE e.fingerprint = ? AND e.label > ? ORDER BY e.label`,
    ),
    labelled: db.prepare<[number], { vector: Uint8Array; rest: Uint8Array | null }>(
      'SELECT vector, rest FROM embeddings WHERE label = ?',
    ),
  };
}

/** Embeddings of texts by fingerprint, with those of their sentences and words. */
export class Embeddings {
  readonly sentences: Sentences;
  readonly tokenVectors: TokenVectorTable;
  readonly #statements;

  constructor(db: Database) {
    this.sentences = new Sentences(db);
    this.tokenVectors = new TokenVectorTable(db);
    this.#statements = prepare(db);
  }

  pending(fingerprint: number, after: PaperKey, limit: number): PendingText[] {
    return this.#statements.pending.all(fingerprint, after, limit);
  }

  countPending(fingerprint: number): number {
    return this.#statements.countPending.get(fingerprint) ?? 0;
  }

  fingerprintNumber(fingerprint: string, model: string): number {
    const known = this.#statements.fingerprint.get(fingerprint);
    if (known !== undefined) return known;
    this.#statements.putFingerprint.run(fingerprint, model);
    return this.fingerprintNumber(fingerprint, model);
  }

  put(fingerprint: number, embeddings: readonly StoredEmbedding[]): void {
    for (const { textHash, vector, rest, tokens } of embeddings) {
      const packed = rest ? packVector(rest) : null;
      const { changes, lastInsertRowid } = this.#statements.put.run(
        ...([textHash, fingerprint, blobOf(vector), packed] as const),
      );
      if (tokens && changes > 0) this.tokenVectors.put(Number(lastInsertRowid), tokens.vectors);
    }
  }

  dropOthers(fingerprint: number): number {
    return this.#statements.dropOthers.run(fingerprint).changes;
  }

  *since(label: number, fingerprint: number): IterableIterator<LabelledVector> {
    for (const row of this.#statements.since.iterate(fingerprint, label)) {
      yield { key: row.key, label: row.label, vector: vectorFrom(row.vector), rest: packedFrom(row.rest) };
    }
  }

  labelled(label: number): Pick<LabelledVector, 'vector' | 'rest'> | undefined {
    const row = this.#statements.labelled.get(label);
    return row && { vector: vectorFrom(row.vector), rest: packedFrom(row.rest) };
  }
}
