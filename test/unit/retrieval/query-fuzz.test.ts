import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFilter, SEARCH_MODES } from '../../../src/domain/mod.ts';
import type { Encoder } from '../../../src/encoder/mod.ts';
import type { EmbeddedEngine } from '../../../src/engine/mod.ts';
import { AppError } from '../../../src/errors.ts';
import { createRetrieval, type Retrieval } from '../../../src/retrieval/mod.ts';
import type { Store } from '../../../src/store/mod.ts';
import { paper } from '../../support/library.ts';
import { embedded } from '../../support/searchable.ts';
import { get, serve } from '../server/serving.ts';

const PAPERS = [
  paper({ id: '10.1234/moth', title: 'Moths at lamps', abstract: 'Moths circle lamps. "NEAR" them, owls hunt.' }),
  paper({ id: 'owl:1', title: 'Owls OR voles: a -survey of C++', abstract: "Robert'); DROP TABLE papers;--" }),
  paper({ id: '2101.00001', title: '图神经网络', abstract: 'Graph neural networks for $\\sigma$-algebras. مرحبا' }),
  paper({ id: 'bare', title: 'עטלפים', abstract: '', authors: [] }),
  paper({ id: 'stop', title: 'The of', abstract: 'The of and to in.' }),
];

let workspace: string;
let store: Store;
let engine: EmbeddedEngine;
let encoder: Encoder;
let close: () => Promise<void>;
let retrieval: Retrieval;

beforeAll(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'paperkin-test-'));
  ({ store, engine, encoder, close } = await embedded(PAPERS, { workspace }));
  retrieval = createRetrieval({ engine, store, encoder });
});
afterAll(async () => {
  await close();
  rmSync(workspace, { recursive: true, force: true });
});

/** An answer or a USAGE error that says something; whatever else is thrown fails the test. */
async function answered(query: string, mode: (typeof SEARCH_MODES)[number], lastWord: 'whole' | 'prefix') {
  try {
    const filter = { clauses: [] };
    const answer = await retrieval.search({ query, k: 10, mode, filter, explain: true, lastWord });
    const keys = answer.hits.map(({ paper: { id } }) => id);
    expect(new Set(keys).size).toBe(keys.length);
    const scores = answer.hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    if (answer.understood?.filter) expect(() => parseFilter(answer.understood?.filter ?? '')).not.toThrow();
    return 'answer';
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'USAGE') throw error;
    expect(error.message).not.toBe('');
    return 'usage';
  }
}

const BLANKS = ['', ' ', '\n\t', '\u00a0', '\ufeff', '\u200b'];
const SIGNS = [
  '"',
  '""',
  '"""',
  '-',
  '--',
  '-"',
  '"-',
  '*',
  '^',
  ':',
  '()',
  '?',
  '!!!',
  '$',
  '\\',
  '{}',
  '«',
  '“”',
  '%',
];
const OPERATORS = [
  'moths AND lamps',
  'moths NOT lamps',
  'moths OR',
  'NEAR(moths lamps, 5)',
  '"moths" NEAR "lamps"',
  'moth*',
  '^moths',
  'title : moths',
  '{title abstract} : moths',
  '"moths" + "lamps"',
  '-"moths" OR "lamps',
  `-"a" "b' "c`,
  '"moths\u0000" lamps',
  "'; DROP TABLE papers; --",
  '" UNION SELECT * FROM papers --',
  'text:" OR 1=1 --" moths',
];
const SCRIPTS = [
  '图神经网络',
  '-图 网络',
  '"神经网络" 图',
  'مرحبا بالعالم',
  '"مرحبا" א',
  'עטלפים -מרחק',
  '🦉',
  '👩‍👩‍👧 owls',
  '\u202eowls',
];
const CONTROLS = [
  '\u0000',
  'moths\u0000lamps',
  '-\u0000x owls',
  '"\u0000"',
  '\u001b[31mowls',
  '\ud800',
  'owls\udfff',
  '\u0301',
];
const STOP_WORDS = ['the', 'of the and', 'what is the', '"the of and" to', '-the moths', 'how'];
const LONG = [
  'a',
  'a ',
  '-a ',
  '"a ',
  '"a" ',
  '“',
  '-"',
  'x:y ',
  'text:a ',
  '. ',
  '\u0301',
  '图',
  '$',
  'é-',
  "a'",
  '(((',
  'a"b ',
  '1706.03762 ',
].map((text) => text.repeat(Math.ceil(100_000 / text.length)));
const HOSTILE = [BLANKS, SIGNS, OPERATORS, SCRIPTS, CONTROLS, STOP_WORDS, LONG].flat();

describe('whatever the query, there is an answer or word of what is wrong', () => {
  it.each(SEARCH_MODES)('for hostile texts in mode %s', async (mode) => {
    for (const query of HOSTILE) {
      await answered(query, mode, 'whole');
      await answered(query, mode, 'prefix');
    }
    expect(store.counts(0).papers).toBe(PAPERS.length);
  });

  it('for any mixture of signs and words', async () => {
    const piece = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom('moths', 'owls', 'C++', 'σ', 'a', 'the', '图', 'é', 'GPT-4', '2020', 'i.i.d.'),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom(' ', ' ', '"', '-', '“', '”', ':', ' -', ' "', '" ', '$', '\\', '*', '(', ')'),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('text:', 'title:', '-title:', 'author:', 'year>=', 'id:', 'has:', 'category:'),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\u0000', '\ud800', '\u0301', '\n', ' OR ', ' NEAR ', ' NOT ', '..', '?', '. A'),
      },
    );
    const query = fc.oneof(
      fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const lastWord = fc.constantFrom('whole' as const, 'prefix' as const);
    await fc.assert(
      fc.asyncProperty(query, fc.constantFrom(...SEARCH_MODES), lastWord, async (text, mode, last) => {
        expect(['answer', 'usage']).toContain(await answered(text, mode, last));
      }),
      { numRuns: 1500 },
    );
  });

  it('over HTTP as well, with the status of the one or the other', async () => {
    const { url, log } = await serve({ retrieval });
    for (const query of HOSTILE) {
      const short = query.slice(0, 10_000);
      // A lone surrogate has no percent-encoding.
      const { status, body } = await get(
        `${url}/api/search?q=${encodeURIComponent(short.replace(/\p{Surrogate}/gu, '?'))}`,
      ).catch((error: unknown) => {
        throw new Error(`no answer to ${JSON.stringify(short.slice(0, 50))}`, { cause: error });
      });
      // Percent-encoded, 10,000 characters of some scripts are longer than an address may be.
      expect([200, 400, 431]).toContain(status);
      if (status === 200) expect(body['understood']).toMatchObject({ form: expect.any(String) });
      if (status === 400) expect(body['detail']).toEqual(expect.any(String));
    }
    expect(log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
