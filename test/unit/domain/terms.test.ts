import { describe, expect, it } from 'vitest';
import { tellingTerms } from '../../../src/domain/terms.ts';

/** How many of 1,000 papers hold a word; 2 where it is not said. */
const COUNTS: Readonly<Record<string, number>> = { model: 900, learning: 500, quickly: 30, feathers: 10 };
const terms = async (papers: readonly { readonly title: string; readonly abstract: string }[], k = 5) =>
  (
    await tellingTerms({
      ...{ papers, documents: 1000, k },
      papersWith: async (words) => words.map((word) => COUNTS[word] ?? 2),
    })
  ).map(({ term }) => term);

describe('the terms that tell papers from all others', () => {
  it('are rare ones that several of them say, and not what all papers say or one of them alone', async () => {
    const found = await terms([
      { title: 'Owl hearing', abstract: 'We present a model of the owl. Voles run.' },
      { title: 'A model', abstract: 'The owl and its feathers.' },
      { title: 'Feathers', abstract: 'An owl flies. Moths do not.' },
    ]);
    expect(found.slice(0, 2).map((term) => term.toLowerCase())).toEqual(['owl', 'feathers']);
    for (const term of ['voles', 'moths', 'present']) expect(found).not.toContain(term);
  });

  it('are phrases before their words, each said once', async () => {
    const found = await terms([
      { title: 'Barn owl flight', abstract: 'The barn owl turns.' },
      { title: 'Of the barn owl', abstract: 'A barn owl sees.' },
    ]);
    expect(found).toContain('barn owl');
    expect(found).not.toContain('owl');
    expect(found).not.toContain('barn');
  });

  it('are a word and its plural once, and no other form of what is said', async () => {
    const found = await terms([
      { title: '', abstract: 'An owl hears. Other owls translate.' },
      { title: '', abstract: 'The owls of the translation.' },
      { title: '', abstract: 'We translate what an owl does. The translation of owls.' },
    ]);
    expect(found).toContain('owl');
    expect(found).not.toContain('owls');
    expect(found.filter((term) => term.startsWith('translat'))).toHaveLength(1);
  });

  it('are the phrase that a word is mostly said in', async () => {
    const found = await terms([
      { title: 'Feathers', abstract: 'On the flight feathers of owls.' },
      { title: 'Feathers', abstract: 'Which flight feathers are lost?' },
      { title: 'Feathers', abstract: 'Colours of feathers.' },
    ]);
    expect(found[0]).toBe('flight feathers');
    expect(found).not.toContain('feathers');
  });

  it('have no capitals for being said in titles alone, but those that are their own', async () => {
    const found = await terms([
      { title: 'LiDAR and Barn Owls', abstract: '' },
      { title: 'Barn Owls by LiDAR', abstract: '' },
    ]);
    expect(found.toSorted()).toEqual(['LiDAR', 'barn owls']);
  });

  it('are spelt as most papers spell them', async () => {
    const found = await terms([
      { title: '', abstract: 'The LiDAR turns.' },
      { title: '', abstract: 'A LiDAR sees.' },
      { title: 'LIDAR', abstract: '' },
    ]);
    expect(found[0]).toBe('LiDAR');
  });

  it('are no formulae and no numbers, and never go across a full stop', async () => {
    const found = await terms([
      { title: '', abstract: 'Bounds of $x_i \\le gamma$ for owls. Moths, 1998.' },
      { title: '', abstract: 'Other bounds $gamma$ on owls. Moths, 1998.' },
    ]);
    expect(found.toSorted()).toEqual(['Moths', 'bounds', 'owls'].toSorted());
  });

  it('of one paper are what it says more than once, or in its title', async () => {
    const found = await terms([{ title: 'Owls', abstract: 'Voles fear them, and voles hide. Moths pass.' }]);
    expect(found.map((term) => term.toLowerCase()).toSorted()).toEqual(['owls', 'voles']);
  });

  it('are no more than asked for, and none of papers without text', async () => {
    expect(await terms([{ title: 'Owls voles moths', abstract: 'Owls voles moths' }], 1)).toHaveLength(1);
    expect(await terms([{ title: '', abstract: '' }])).toEqual([]);
    expect(await terms([])).toEqual([]);
  });

  it('read TeX as it is read aloud, and not its commands', async () => {
    const found = await terms([
      {
        title: String.raw`A \emph{Schr\"odinger} operator`,
        abstract: String.raw`\textbf{Schr\"{o}dinger} at https://x.org`,
      },
      { title: String.raw`Schr\"odinger again`, abstract: String.raw`With \emph{care} and https://y.org` },
    ]);
    expect(found).toContain('Schrödinger');
    expect(found.join(' ')).not.toMatch(/emph|textbf|https/);
  });
});
