import { AutoTokenizer, env } from '@huggingface/transformers';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framePair, pairFrame, type Tokenised } from '../../../src/encoder/pair.ts';

const ROOM = { before: [1], between: [2, 3], after: [2] };
const frame = pairFrame({ input_ids: [9] }, { input_ids: [1, 9, 2, 3, 9, 2], token_type_ids: [0, 0, 0, 1, 1, 1] });
const run = (length: number, from: number): number[] => Array.from({ length }, (_, i) => from + i);

describe('the frame of a pair', () => {
  it('is what stands around two words', () => {
    expect(frame).toMatchObject({
      before: { ids: ROOM.before, types: [0] },
      between: { ids: ROOM.between, types: [0, 1] },
      after: { ids: ROOM.after, types: [1] },
      queryType: 0,
      passageType: 1,
    });
  });

  it('has one type where the tokeniser knows no other', () => {
    const plain = pairFrame({ input_ids: [9] }, { input_ids: [1, 9, 2, 9, 2] });
    expect(framePair(plain, [7], [8], 16)).toEqual({ ids: [1, 7, 2, 8, 2], types: [0, 0, 0, 0, 0] });
  });

  it('keeps two separators between the texts, as RoBERTa has them', () => {
    const roberta = pairFrame(
      { input_ids: [9] },
      { input_ids: [0, 9, 2, 2, 9, 2], token_type_ids: [0, 0, 0, 0, 0, 0] },
    );
    expect(framePair(roberta, [7, 7], [8, 8, 8], 8).ids).toEqual([0, 7, 7, 2, 2, 8, 8, 2]);
  });

  it('is refused where the tokeniser takes no pairs', () => {
    expect(() => pairFrame({ input_ids: [9] }, { input_ids: [1, 9, 2] })).toThrow(/pairs/);
    expect(() => pairFrame({ input_ids: [] }, { input_ids: [] })).toThrow(/pairs/);
  });
});

describe('a framed pair', () => {
  it('is what the tokeniser itself makes of it', async () => {
    env.allowRemoteModels = false;
    const tokenizer = await AutoTokenizer.from_pretrained(resolve('models/paperkin-minilm'));
    const inner = (text: string): Tokenised => tokenizer(text, { add_special_tokens: false, return_tensor: false });
    const both = (text: string, pair: string): Tokenised => tokenizer(text, { text_pair: pair, return_tensor: false });
    const [query, passage] = ['How do owls hear voles?', 'Owls hear voles under snow. [SEP] They hunt at dusk.'];
    const whole = both(query, passage);
    const framed = framePair(
      pairFrame(inner('a'), both('a', 'a')),
      inner(query).input_ids,
      inner(passage).input_ids,
      99,
    );
    expect(framed).toEqual({ ids: whole.input_ids, types: whole.token_type_ids });
  });

  it('loses the end of the passage where that is longer, and keeps the special tokens', () => {
    const { ids, types } = framePair(frame, run(2, 10), run(50, 100), 12);
    expect(ids).toEqual([1, 10, 11, 2, 3, ...run(6, 100), 2]);
    expect(types).toEqual([0, 0, 0, 0, 1, ...run(6, 0).fill(1), 1]);
  });

  it('loses the end of the query where that is longer', () => {
    expect(framePair(frame, run(50, 100), run(2, 10), 12).ids).toEqual([1, ...run(6, 100), 2, 3, 10, 11, 2]);
  });

  it('shares the room where both are long', () => {
    expect(framePair(frame, run(50, 100), run(50, 200), 12).ids).toEqual([1, ...run(4, 100), 2, 3, ...run(4, 200), 2]);
  });

  it('is never longer than allowed, nor shorter than it can be', () => {
    const length = fc.nat({ max: 600 });
    fc.assert(
      fc.property(length, length, fc.integer({ min: 4, max: 512 }), (query, passage, maxTokens) => {
        const { ids, types } = framePair(frame, run(query, 10), run(passage, 1000), maxTokens);
        expect(ids).toHaveLength(Math.min(maxTokens, query + passage + 4));
        expect(types).toHaveLength(ids.length);
      }),
    );
  });
});
