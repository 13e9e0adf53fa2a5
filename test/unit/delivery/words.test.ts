import { describe, expect, it } from 'vitest';
import { becauseOf } from '../../../src/delivery/words.ts';
import type { FeedItem } from '../../../src/domain/mod.ts';

type Why = Pick<FeedItem, 'because' | 'interest' | 'exploration'>;

const paper = (title: string, weight: number) => ({ paper: 'arXiv:1706.03762', title, weight });
const topic = (title: string, weight: number) => ({ paper: null, title, weight });

describe('why a paper is there, in a sentence', () => {
  it.each<readonly [string, Why, string]>([
    [
      'names the papers that speak for it, and then the interest that it is of',
      { because: [paper('Owls', 0.75), paper('Mice', 0.12)], interest: { id: 1, name: 'night' }, exploration: false },
      'Because of “Owls” (75%), “Mice” (12%). For “night”.',
    ],
    [
      'names a topic that speaks for it once',
      { because: [topic('night', 0.9), paper('Owls', 0.1)], interest: { id: 1, name: 'night' }, exploration: false },
      'Because of “night” (90%), “Owls” (10%).',
    ],
    [
      'names a paper that is all of an interest once',
      { because: [paper('Owls', 1)], interest: { id: 1, name: 'Papers like “Owls”' }, exploration: false },
      'Because of “Owls” (100%).',
    ],
    [
      'names the interest where nothing else speaks for it',
      { because: [], interest: { id: 1, name: 'night' }, exploration: false },
      'For “night”.',
    ],
    [
      'says that it is tried',
      { because: [], interest: null, exploration: true },
      'Shown to find out whether you like it.',
    ],
    ['is empty for somebody of whom nothing is known', { because: [], interest: null, exploration: false }, ''],
  ])('%s', (_, why, said) => {
    expect(becauseOf(why)).toBe(said);
  });
});
