import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCorrections } from '../../../src/retrieval/corrections.ts';
import { paper } from '../../support/library.ts';
import { searchable } from '../../support/searchable.ts';

const PAPERS = [
  paper({
    id: 'c:1',
    title: 'Reinforcement learning of owls',
    abstract: 'A classification of attention. BLEU scores.',
  }),
  paper({ id: 'c:2', title: 'Reinforcement learning of voles', abstract: 'Classified attention in neural networks.' }),
  paper({ id: 'c:3', title: 'Retention of moths', abstract: 'A competitive network; competition among moths.' }),
  paper({ id: 'c:4', title: 'Naïve theories of ice', abstract: 'Each theory says probability is a matter of ice.' }),
];
const TYPED = { keep: new Set<string>(), lastWord: 'whole' } as const;

async function correcting(vocabulary: readonly string[] = []) {
  const { engine } = await searchable(PAPERS);
  return createCorrections({ engine, vocabulary: async () => new Set(vocabulary) }).correct;
}

describe('a word that no paper has', () => {
  it.each([
    ['atention', 'attention'],
    ['attnetion of owls', 'attention of owls'],
    ['Attentionn!', 'attention!'],
    ['netwrk of moths', 'network of moths'],
    ['classificaton', 'classification'],
    ['clasificaton of owls', 'classification of owls'],
    ['a cmpetitive moth', 'a competitive moth'],
    ['theoyr', 'theory'],
    ['probabilty', 'probability'],
    ['reinforcementlearning', 'reinforcement learning'],
    ['owl-clasification', 'owl-classification'],
    ['xlassification of moths', 'classification of moths'],
  ])('%s is taken for the nearest one: %s', async (typed, taken) => {
    const correct = await correcting();
    const found = await correct(typed, TYPED);
    expect(found.text).toBe(taken);
    expect(found.corrections).toHaveLength(1);
  });

  it.each([
    ['has a paper, however rare', 'retention'],
    ['is short', 'ols'],
    ['has a number', 'clasification4 attenti0n'],
    ['is an id or an address', 'arXiv:1706.03762v1 https://clasification.example'],
    ['is written in capitals', 'BLEUU BLUE scoreX'],
    ['is within quotation marks', '"atention"'],
    ['is a formula', '$atention$ \\atention'],
    ['is nearer to nothing', 'zzyzx qwertzuiop'],
    ['is written in another script', 'классификация 検索 σύνολα'],
    ['is shortened', 'attentio’n'],
    ['is one of many: another language', 'clasificacion automatica moviles redes atencion'],
  ])('stays as it is where it %s', async (_, query) => {
    const correct = await correcting();
    expect(await correct(query, TYPED)).toEqual({ text: query, corrections: [] });
  });

  it.each([
    ['is in the vocabulary', 'retentive mouths', 'retentive mouths'],
    ['is the plural of one there', 'Mouths', 'Mouths'],
    ['has accents that one there has not', 'moúths', 'moúths'],
  ])('stays as it is where it %s', async (_, query, text) => {
    const correct = await correcting(['mouth', 'retentive']);
    expect((await correct(query, TYPED)).text).toBe(text);
    const without = await correcting();
    expect((await without(query, TYPED)).corrections).not.toEqual([]);
  });

  it('is corrected though it were the plural of a word of three letters, as typos often are', async () => {
    const correct = await correcting(['mth']);
    expect((await correct('mths of owls', TYPED)).text).toBe('moths of owls');
  });

  it('does not count as unknown where it is in the vocabulary', async () => {
    const correct = await correcting(['kitchen', 'onion']);
    expect((await correct('kitchen onion netwrk', TYPED)).text).toBe('kitchen onion network');
  });

  it('is corrected beside others where all of them are near to words that papers have', async () => {
    const correct = await correcting();
    expect((await correct('atention netwrk', TYPED)).text).toBe('attention network');
    expect((await correct('clasificaton of atention', TYPED)).text).toBe('classification of attention');
    expect((await correct('atention zzyzx', TYPED)).corrections).toEqual([]);
    const many = 'atention netwrk clasification theoyr '.repeat(3);
    expect((await correct(many, TYPED)).corrections).toEqual([]);
  });

  it('stays as it is where it is known otherwise, or still being typed', async () => {
    const correct = await correcting();
    const kept = await correct('owls by Atention', { keep: new Set(['atention']), lastWord: 'whole' });
    expect(kept.corrections).toEqual([]);
    expect((await correct('owls atentio', { ...TYPED, lastWord: 'prefix' })).corrections).toEqual([]);
    expect((await correct('owls atentio ', { ...TYPED, lastWord: 'prefix' })).corrections).toHaveLength(0);
    expect((await correct('owls atention ', { ...TYPED, lastWord: 'prefix' })).text).toBe('owls attention ');
  });

  it('is told with what it was taken for, and the rest of the query stays letter by letter', async () => {
    const correct = await correcting();
    expect(await correct('  Atention, (netwroks)  of “owls”', TYPED)).toEqual({
      text: '  attention, (networks)  of “owls”',
      corrections: [
        { typed: 'Atention', taken: 'attention' },
        { typed: 'netwroks', taken: 'networks' },
      ],
    });
  });

  it('never throws, whatever is typed', async () => {
    const correct = await correcting();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async (text) => {
        const { text: corrected, corrections } = await correct(text, TYPED);
        if (corrections.length === 0) expect(corrected).toBe(text);
      }),
    );
    for (const piece of ['a', 'atention ', '"', "'", '!', 'x-']) {
      const long = piece.repeat(100_000 / piece.length);
      expect((await correct(long, TYPED)).text).toBe(long);
      await correct(piece.repeat(1000 / piece.length), TYPED);
    }
  });
});
