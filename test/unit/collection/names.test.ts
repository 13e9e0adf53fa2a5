import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uninverted } from '../../../src/collection/inverted-names.ts';
import { displayName, nameParts } from '../../../src/collection/names.ts';

const word = fc.oneof(
  fc.constantFrom('van', 'de', 'la', 'Jr.', 'III', 'Ludwig', 'King', '', ',', '王', 'y', 'and', 'O’Neil', '-'),
  fc.string({ maxLength: 6 }),
);
const anyName = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));

describe('nameParts', () => {
  it.each([
    ['Ludwig van Beethoven', { given: 'Ludwig', particle: 'van', family: 'Beethoven' }],
    ['Charles de la Vallée Poussin', { given: 'Charles', particle: 'de la', family: 'Vallée Poussin' }],
    ['Martin Luther King Jr.', { given: 'Martin Luther', family: 'King', suffix: 'Jr.' }],
    ['Henry Louis Gates III', { given: 'Henry Louis', family: 'Gates', suffix: 'III' }],
    ['José Ortega y Gasset', { given: 'José Ortega y', family: 'Gasset' }],
    ['van Gogh', { particle: 'van', family: 'Gogh' }],
    ['Ada Lovelace', { given: 'Ada', family: 'Lovelace' }],
    ['Plato', { family: 'Plato' }],
    ['山田 太郎', { family: '山田 太郎' }],
    ['Smith, John', { family: 'Smith, John' }],
    ['Jr. Smith', { family: 'Jr. Smith' }],
    ['de la', { particle: 'de', family: 'la' }],
    ['', { family: '' }],
  ])('parts %j', (name, parts) => {
    expect(nameParts(name)).toEqual(parts);
  });

  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(displayName(nameParts(name))).toBe(name);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(displayName(nameParts(name))).toBe(name);
      }),
    );
  });

  it('gives parts that read back when the family name is put first', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const { given, particle, family, suffix } = nameParts(name);
        if (!given || name !== name.trim() || name.includes(',')) return;
        const last = [particle, family].filter(Boolean).join(' ');
        expect(uninverted([last, suffix, given].filter(Boolean).join(', '))).toBe(name);
        expect(uninverted([last, given, suffix].filter(Boolean).join(', '))).toBe(name);
      }),
      { numRuns: 1000 },
    );
  });
});
