import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sentences } from '../../../src/domain/sentences.ts';
import { facetSentences, type Role, rolesOf } from '../../../src/retrieval/facets.ts';

/** One letter a sentence, given by hand before the cues were written. */
const Labels = z.object({
  sample: z.record(z.string(), z.string()),
  invented: z.array(z.object({ title: z.string(), labels: z.string(), abstract: z.string() })),
});
const Sample = z.object({ id: z.string(), abstract: z.string() });
const ROLES = new Map<string, Role>([
  ['P', 'problem'],
  ['M', 'method'],
  ['R', 'result'],
  ['B', 'background'],
]);

const labelled = Labels.parse(JSON.parse(readFileSync('test/fixtures/retrieval/facets.json', 'utf8')));

function sampleAbstracts(): { readonly abstract: string; readonly labels: string }[] {
  return readFileSync('sample/papers.jsonl', 'utf8')
    .trim()
    .split('\n')
    .map((line) => Sample.parse(JSON.parse(line)))
    .flatMap(({ id, abstract }) => {
      const labels = labelled.sample[id];
      return labels === undefined ? [] : [{ abstract, labels }];
    });
}

const textsOf = (abstract: string): string[] => sentences(abstract).map(({ start, end }) => abstract.slice(start, end));

interface Told {
  readonly given: Role | undefined;
  readonly found: Role | undefined;
}

function told(abstracts: readonly { readonly abstract: string; readonly labels: string }[]): Told[] {
  return abstracts.flatMap(({ abstract, labels }) => {
    const found = rolesOf(textsOf(abstract));
    expect(found, abstract.slice(0, 60)).toHaveLength(labels.length);
    return found.map((role, i) => ({ given: ROLES.get(labels.charAt(i)), found: role }));
  });
}

const share = (all: readonly Told[]): number => all.filter(({ given, found }) => given === found).length / all.length;

describe('what sentences of abstracts are there for', () => {
  it('is told as a reader tells it where authors speak of their own work', () => {
    const all = told(labelled.invented);
    expect(all).toHaveLength(83);
    expect(share(all)).toBeGreaterThan(0.9);
    for (const role of ['problem', 'method', 'result'] as const) {
      expect(share(all.filter(({ given }) => given === role)), role).toBeGreaterThan(0.85);
      expect(share(all.filter(({ found }) => found === role)), role).toBeGreaterThan(0.85);
    }
  });

  it('is mostly told where others retell it, in few of the usual phrases', () => {
    const all = told(sampleAbstracts());
    expect(all).toHaveLength(129);
    expect(share(all)).toBeGreaterThan(0.75);
    for (const role of ['problem', 'method', 'result'] as const) {
      expect(share(all.filter(({ given }) => given === role)), role).toBeGreaterThan(0.7);
    }
  });

  it('follows the names that structured abstracts give their parts', () => {
    const abstract =
      'OBJECTIVE: Falls at night. METHODS: Lamps in 40 homes. RESULTS: Falls fell by half. CONCLUSIONS: Lamps are cheap.';
    expect(rolesOf(textsOf(abstract))).toEqual(['problem', 'method', 'result', 'result']);
  });

  it('can be told of a single sentence, and of none', () => {
    expect(rolesOf(['We train a generative model by gradually removing noise.'])).toEqual(['method']);
    expect(rolesOf(['How do moths find lamps?'])).toEqual(['problem']);
    expect(rolesOf([])).toEqual([]);
  });

  it('is told of texts that are no prose', () => {
    const hostile = [
      '',
      ' ',
      '🙂'.repeat(5000),
      'we '.repeat(30_000),
      'a'.repeat(100_000),
      '$'.repeat(10_000),
      '\u0000',
    ];
    expect(rolesOf(hostile)).toHaveLength(hostile.length);
    for (const text of hostile) expect(facetSentences(text, 'method').length).toBeLessThanOrEqual(64);
  });
});

describe('the sentences of a facet', () => {
  const abstract =
    'Moths are common in towns. However, it is unclear why they circle lamps. ' +
    'We propose a model of flight with the back to the light. We show that it explains all turns.';

  it('stand where they say', () => {
    const [method] = facetSentences(abstract, 'method');
    expect(method?.text).toMatch(/^We propose/);
    expect(abstract.slice(method?.start, method?.end)).toBe(method?.text);
    expect(facetSentences(abstract, 'result').map(({ text }) => text)).toEqual(['We show that it explains all turns.']);
  });

  it('of the problem are also those that open the abstract', () => {
    expect(facetSentences(abstract, 'problem').map(({ start }) => start)).toEqual([0, 27]);
  });
});
