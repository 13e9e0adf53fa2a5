import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { seeded } from '../../src/domain/seeded.ts';

const Document = z
  .object({ _id: z.string(), title: z.string().default(''), text: z.string().default('') })
  .transform(({ _id: id, title, text }) => ({ id, text: `${title} ${text}` }));

/** The same topics in every run. */
const SEED = 11;
const TOPICS = 200;
/** Names, numbers and codes, which a model has no meaning for. */
const NAMED = /[\p{L}\p{N}-]*\p{N}[\p{L}\p{N}-]*|\p{Lu}\p{L}{3,}/gu;
const COMMON = ['model', 'method', 'part', 'learning', 'network', 'analysis'];

/**
 * A judged set in BEIR's layout: for each topic one paper, by a name, number or code that no other paper has, alone or beside
 * a word that many have. Written to a temporary folder; returns it.
 */
export function writeRareWords(corpus: string): string {
  const lines = gunzipSync(readFileSync(corpus)).toString('utf8').trim().split('\n');
  const documents = lines.map((line) => Document.parse(JSON.parse(line)));
  const papersWith = new Map<string, number>();
  for (const { text } of documents) {
    const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
    for (const word of words) papersWith.set(word, (papersWith.get(word) ?? 0) + 1);
  }
  const next = seeded(SEED);
  const topics: { readonly text: string; readonly document: string }[] = [];
  while (topics.length < TOPICS) {
    const document = documents[Math.floor(next() * documents.length)];
    const rare = [...new Set(document?.text.match(NAMED))].filter((word) => papersWith.get(word.toLowerCase()) === 1);
    const word = rare[Math.floor(next() * rare.length)];
    if (!document || word === undefined) continue;
    const text = topics.length % 4 === 0 ? word : `${COMMON[topics.length % COMMON.length]} ${word}`;
    topics.push({ text, document: document.id });
  }
  const folder = mkdtempSync(join(tmpdir(), 'paperkin-rare-words-'));
  mkdirSync(join(folder, 'qrels'));
  const queries = topics.map(({ text }, i) => JSON.stringify({ _id: `rare-${i}`, text }));
  writeFileSync(join(folder, 'queries.jsonl'), `${queries.join('\n')}\n`);
  const judgements = topics.map(({ document }, i) => `rare-${i}\t${document}\t1`);
  writeFileSync(join(folder, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judgements.join('\n')}\n`);
  return folder;
}
