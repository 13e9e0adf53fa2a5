import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { Reading } from '../../src/collection/mod.ts';
import { idsOf, type Paper, parsePaperId } from '../../src/domain/mod.ts';
import { type Encoder, openEncoder } from '../../src/encoder/mod.ts';
import { EmbeddedEngine } from '../../src/engine/mod.ts';
import { embedPending, embedPendingSentences } from '../../src/indexing/mod.ts';
import { Store } from '../../src/store/mod.ts';
import { unit } from './vectors.ts';

/** A folder that goes when the test ends. */
export function temporaryWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paperkin-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function openStore(workspace: string): Store {
  const store = Store.open(workspace, { create: true });
  onTestFinished(() => store.close());
  return store;
}

/** The database behind the store's back, foreign keys unguarded. */
export function behindTheStore(workspace: string, change: (db: Database.Database) => void): void {
  const db = new Database(join(workspace, 'papers.db'));
  try {
    db.pragma('foreign_keys = OFF');
    change(db);
  } finally {
    db.close();
  }
}

/** The tiny encoder, counting the papers it is given and failing from a given one on. */
export async function countingEncoder(
  failAt = Infinity,
): Promise<{ readonly encoder: Encoder; readonly titles: string[] }> {
  const inner = await openEncoder({ model: 'hashing', modelsDir: '', allowDownload: false });
  const titles: string[] = [];
  const encoder: Encoder = {
    ...inner,
    encodePaper: async (text) => {
      titles.push(text.title);
      if (titles.length >= failAt) throw new Error('the encoder broke');
      return inner.encodePaper(text);
    },
  };
  return { encoder, titles };
}

/** Brings every embedding, those of sentences too, into the store. */
export async function embedEverything(store: Store, encoder: Encoder, fingerprint: number): Promise<void> {
  const options = { store, encoder, fingerprint, signal: new AbortController().signal, onStored: () => undefined };
  await embedPending(options);
  await embedPendingSentences(options);
}

type Fields = Partial<Omit<Paper, 'ids'>> & { readonly id: string; readonly also?: readonly string[] };

/** A paper with the given id and, `also`, further ids in any spelling. */
export function paper({ also = [], ...fields }: Fields): Paper {
  const ids = idsOf([fields.id, ...also].map(parsePaperId));
  return {
    title: `The matter of ${fields.id}`,
    abstract: `What ${fields.id} is about.`,
    authors: ['Edda Quill'],
    categories: [],
    keywords: [],
    ...fields,
    ids,
  };
}

export function openEngine(
  workspace: string,
  options: { readonly dimensions: number; readonly fingerprint: number; readonly fresh?: boolean },
): Promise<EmbeddedEngine> {
  return EmbeddedEngine.open({ fresh: false, workspace, ...options }).then((engine) => {
    onTestFinished(() => engine.close());
    return engine;
  });
}

/** Runs with a store of its own in a folder of its own, for the many runs of a property. */
export async function withStore<T>(work: (store: Store, workspace: string) => T | Promise<T>): Promise<T> {
  const workspace = mkdtempSync(join(tmpdir(), 'paperkin-test-'));
  const store = Store.open(workspace, { create: true });
  try {
    return await work(store, workspace);
  } finally {
    store.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** What a reader yields for these papers, as lines of one file. */
export async function* readingsOf(papers: Iterable<Paper | { readonly reason: string }>): AsyncGenerator<Reading> {
  let line = 0;
  for (const told of papers) {
    line += 1;
    if ('reason' in told) yield { kind: 'rejected', file: 'invented', line, reason: told.reason };
    else yield { kind: 'paper', paper: told, file: 'invented', line };
  }
}

/** A vector that stands for a text: the same hash, the same vector. */
export function vectorFor({ textHash }: { readonly textHash: Uint8Array }): Float32Array {
  return unit(Array.from(textHash.subarray(0, 16), (byte) => byte - 127.5));
}
