import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLinks, LINK_PURPOSES } from '../../../src/delivery/links.ts';

const links = createLinks(randomBytes(32), 'https://papers.example.org');
const NOW = new Date('2026-11-27T07:00:00Z');
const daysLater = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
const tokenOf = (url: string): string => url.replace('https://papers.example.org/links/', '');
const refused = expect.objectContaining({ code: 'LINK_REFUSED' });

describe('a link', () => {
  it('says what it was made for, and its address needs no encoding', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LINK_PURPOSES),
        fc.nat(),
        fc.string({ unit: 'binary' }),
        (purpose, person, paper) => {
          const url = links.to({ purpose, person, paper }, NOW);
          expect(url).toMatch(/^https:\/\/papers\.example\.org\/links\/[\w.-]+$/);
          expect(links.read(tokenOf(url), NOW)).toEqual({ purpose, person, paper });
        },
      ),
    );
  });

  it('with any character changed, of another workspace or made by hand opens nothing', () => {
    const token = tokenOf(links.to({ purpose: 'save', person: 1, paper: 'arXiv:1' }, NOW));
    for (const index of token.split('').keys()) {
      const other = token[index] === 'B' ? 'C' : 'B';
      const changed = token.slice(0, index) + other + token.slice(index + 1);
      // The last character of a signature holds two bits that say nothing.
      if (index === token.length - 1) continue;
      expect(() => links.read(changed, NOW), String(index)).toThrow(refused);
    }
    const [payload = ''] = token.split('.');
    const unsigned = Buffer.from('["unsubscribe",1,"",null]').toString('base64url');
    for (const forged of ['', '.', payload, `${payload}.`, `${token}.x`, `${unsigned}.${token.split('.')[1]}`]) {
      expect(() => links.read(forged, NOW), forged).toThrow(refused);
    }
    expect(() => createLinks(randomBytes(32), '').read(token, NOW)).toThrow(refused);
  });

  it('ends after 30 days, but for one that ends the mails', () => {
    const save = tokenOf(links.to({ purpose: 'save', person: 1, paper: 'a' }, NOW));
    expect(links.read(save, daysLater(30))).toMatchObject({ purpose: 'save' });
    expect(() => links.read(save, daysLater(30.001))).toThrow(/over a month old/);
    const unsubscribe = tokenOf(links.to({ purpose: 'unsubscribe', person: 1, paper: '' }, NOW));
    expect(links.read(unsubscribe, daysLater(5000))).toMatchObject({ purpose: 'unsubscribe' });
  });
});
