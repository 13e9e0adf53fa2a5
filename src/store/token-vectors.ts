import type { Database } from 'better-sqlite3';
import type { PaperKey } from '../domain/mod.ts';

function prepare(db: Database) {
  return {
    put: db.prepare<[number, Uint8Array]>('INSERT OR IGNORE INTO token_vectors (label, vectors) VALUES (?, ?)'),
    ofPaper: db
      .prepare<[number, number], Uint8Array>(
        `SELECT t.vectors FROM papers p
         JOIN embeddings e ON e.text_hash = p.text_hash AND e.fingerprint = ?
         JOIN token_vectors t ON t.label = e.label WHERE p.key = ?`,
      )
      .pluck(),
  };
}

/** Vectors of the words of texts, each filed under the label of its text's embedding. */
export class TokenVectorTable {
  readonly #statements;

  constructor(db: Database) {
    this.#statements = prepare(db);
  }

  put(label: number, vectors: Int8Array): void {
    this.#statements.put.run(label, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
  }

  of(key: PaperKey, fingerprint: number): Int8Array | undefined {
    const blob = this.#statements.ofPaper.get(fingerprint, key);
    return blob && new Int8Array(blob.buffer, blob.byteOffset, blob.byteLength);
  }
}
