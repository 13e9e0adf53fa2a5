import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isFurniture } from '../../../src/collection/furniture.ts';
import { listing } from '../../../src/collection/listing.ts';
import { readPapers } from '../../../src/collection/mod.ts';
import { collect, papersIn, readAs, rejectionsIn } from './reading.ts';

const page = (name: string) => fileURLToPath(new URL(`../../fixtures/collection/${name}.txt`, import.meta.url));
const seed = fileURLToPath(new URL('../../../../shared/data/seed-listing.txt', import.meta.url));

describe('listing', () => {
  it('finds the papers among the furniture of a page', async () => {
    const readings = await collect(readPapers({ path: page('page-trending') }));
    expect(rejectionsIn(readings)).toEqual([]);
    expect(readings.map((reading) => reading.line)).toEqual([24, 44, 52]);
    const papers = papersIn(readings);
    expect(papers.map((paper) => paper.title)).toEqual([
      'Bypassing Gradient Queues with Tidal Schedulers',
      'Copyright Law as a Planning Problem',
      'Do Moles Dream? A Study of Underground Robots in Their Idle Hours',
    ]);
    expect(papers[0]?.abstract).toMatch(
      /^Training clusters .* few busy links\. We introduce .* optimiser or results\.$/,
    );
    expect(papers[1]?.abstract).toMatch(/^We cast .* planner\.$/);
    expect(papers[2]?.abstract).toMatch(/^Robots that dig .* all tunnels\. The effect holds .* neighbours\.$/);
    expect(papers[0]?.id).toMatch(/^title:[0-9a-f]{16}$/);
  });

  it('rejects a last abstract that is cut off', async () => {
    const text = await readFile(page('page-cut'), 'utf8');
    const readings = await readAs(listing, text);
    expect(papersIn(readings)).toHaveLength(2);
    expect(rejectionsIn(readings)).toEqual([
      '11: the abstract is cut off: the text "Ferns Are Trees: Hierarchical Clusterin…"',
    ]);
    expect(rejectionsIn(await readAs(listing, `${text.trimEnd()}…\n\nView more\n`))).toHaveLength(1);
  });

  it('rejects titles without an abstract, in their place', async () => {
    const readings = await collect(readPapers({ path: page('page-title-last') }));
    expect(readings.map((reading) => [reading.line, reading.kind])).toEqual([
      [1, 'paper'],
      [5, 'rejected'],
      [7, 'paper'],
      [11, 'rejected'],
    ]);
    expect(rejectionsIn(readings)[1]).toContain('a title without an abstract');
  });

  it('does not take other texts for a listing', () => {
    const prose = 'This is a paragraph of an essay that goes on for quite a while without any title above it. '.repeat(
      5,
    );
    expect(listing.recognises([prose, prose, 'A Heading', prose, prose].join('\n\n'))).toBe(false);
    expect(listing.recognises(`# Readme\n\n${prose}`)).toBe(false);
    expect(listing.recognises('id,title,abstract\n1,A,"B"\n')).toBe(false);
    expect(listing.recognises('')).toBe(false);
    expect(listing.recognises(`A Title of a Paper\r\n\r\n${prose}`)).toBe(true);
  });

  it('rejects an abstract over the limit without keeping all of it', async () => {
    const readings = await readAs(listing, `A Title of a Paper\n\n${'many words of it. '.repeat(5000)}`);
    expect(rejectionsIn(readings)).toEqual(['1: abstract is longer than 50000 characters']);
  });

  it.skipIf(!existsSync(seed))('reads the saved page (skipped where ../shared/data is absent)', async () => {
    const readings = await collect(readPapers({ path: seed }));
    const papers = papersIn(readings);
    expect(rejectionsIn(readings)).toEqual([]);
    expect(papers).toHaveLength(55);
    expect(papers[0]?.title).toBe('In defense of parameter sharing for model-compression');
    expect(papers.at(-1)?.title).toBe(
      'Stable Vectorization of Multiparameter Persistent Homology using Signed Barcodes as Measures',
    );
    // In this page titles and abstracts take turns from line 11 on, every second line.
    const lines = (await readFile(seed, 'utf8')).split('\n');
    for (const reading of readings) {
      if (reading.kind !== 'paper') continue;
      expect(reading.paper.title).toBe(lines[reading.line - 1]?.trim());
      expect(reading.paper.abstract.slice(0, 40)).toBe(lines[reading.line + 1]?.trim().slice(0, 40));
    }
  });
});

describe('isFurniture', () => {
  it.each([
    'new',
    'Subscribe',
    'byAK and the research community',
    'by AK and the research community',
    'May 13',
    '13 May 2024',
    'Tuesday',
    'Tue, Mar 4',
    '2024-05-13',
    'Published on May 13, 2024',
    '3 days ago',
    'Submitted by orla',
    '34',
    '1.2k',
    'Upvote 34',
    '· 12 authors',
    '12 authors',
    'GitHub 1.2k',
    'arXiv Page',
    'View all',
    'View arXiv page',
    'View PDF',
    'Load more papers',
    'Get trending papers in your email inbox!',
    'Sign up to get papers',
    'Page 2 of 5',
    '« Previous',
    'Next »',
    '1 - 20 of 300',
    '© 2025 Paper Board',
    'Copyright 2025 Paper Board',
    'Privacy Policy',
    'Trending Papers',
    '•',
    '★ 120',
  ])('%s', (line) => {
    expect(isFurniture(line)).toBe(true);
  });

  it.each([
    'Bypassing Attention',
    'ByteTransformer',
    'Copyright Law as a Planning Problem',
    'Cookies and Web Tracking',
    'May the Force Be Estimated',
    'Follow the Leader',
    'Next Token Prediction',
    'New Bounds for Old Problems',
    '0.1% Data Makes Segment Anything Slim',
    'Show, Attend and Tell',
    'Read the Room',
    'Code Llama',
    'A Newsletter Corpus',
    'GPT-4 Technical Report',
    '1-Lipschitz Networks',
    'Views on Views',
  ])('not: %s', (line) => {
    expect(isFurniture(line)).toBe(false);
  });
});
