import { describe, expect, it } from 'vitest';
import { createToasts } from '../../../src/web/api/toasts.ts';

describe('toasts', () => {
  const texts = (of: ReturnType<typeof createToasts>): string[] => of.list().map(({ text }) => text);

  it('a later one about the same takes the place of the earlier, others stay', () => {
    const toasts = createToasts();
    toasts.show({ kind: 'done', text: 'Dismissed: Owls', about: 'said owls' });
    toasts.show({ kind: 'done', text: 'Saved: Owls', about: 'saved owls' });
    toasts.show({ kind: 'done', text: 'Copied' });
    toasts.show({ kind: 'done', text: 'Taken back: Owls', about: 'said owls' });
    expect(texts(toasts)).toEqual(['Saved: Owls', 'Copied', 'Taken back: Owls']);
  });

  it('of more than three the oldest goes', () => {
    const toasts = createToasts();
    for (const text of ['one', 'two', 'three', 'four']) toasts.show({ kind: 'done', text });
    expect(texts(toasts)).toEqual(['two', 'three', 'four']);
  });
});
