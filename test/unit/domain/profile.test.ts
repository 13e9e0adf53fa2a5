import { describe, expect, it } from 'vitest';
import { namedAfter } from '../../../src/domain/mod.ts';

describe('an interest of one paper', () => {
  it.each([
    ['is called after its title', 'Owls at night', 'Papers like “Owls at night”'],
    [
      'by what stands before the colon of a long one',
      'OWL: Learning to hear small animals under deep snow',
      'Papers like “OWL”',
    ],
    ['with the colon of a short one', 'Owls: a study', 'Papers like “Owls: a study”'],
    [
      'cut between words where that is long, too',
      'How owls hear small animals that move under deep snow',
      'Papers like “How owls hear small animals that move …”',
    ],
    ['cut within a word that is long by itself', 'o'.repeat(60), `Papers like “${'o'.repeat(40)} …”`],
  ])('%s', (_, title, name) => {
    expect(namedAfter(title)).toBe(name);
  });
});
