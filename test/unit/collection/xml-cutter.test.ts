import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cutter } from '../../../src/collection/xml-cutter.ts';

function cutsOf(text: string, chunkBytes: number, maxBytes = 1000): string[] {
  const cutter = new Cutter(new Set(['r']), maxBytes);
  const bytes = Buffer.from(text);
  const cuts: string[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    for (const cut of cutter.feed(bytes.subarray(at, at + chunkBytes)))
      cuts.push(`${cut.line} ${cut.kind} ${cut.kind === 'lost' ? cut.reason : cut.bytes.toString()}`);
  }
  return [...cuts, `${cutter.lineReached} ${cutter.unfinished()}`];
}

const piece = fc.constantFrom(
  ...[
    '<',
    '>',
    '</r>',
    '<r>',
    '<r k="',
    '"',
    "'",
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<!',
    '<!DOCTYPE',
    '[',
    ']',
    '<?',
    '?>',
  ],
  ...['/', ' ', '\n', '<a>', '</a>', 'x', '&lt;', '<r xmlns="">', 'ö', '<p:r>', '</p:r>', '<r/>', '-', '!'],
);
const documents = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

describe('the cutter', () => {
  it('cuts alike wherever the chunks end', () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 9 }), (text, chunkBytes) => {
        expect(cutsOf(text, chunkBytes)).toEqual(cutsOf(text, 10_000));
      }),
      { numRuns: 1000 },
    );
  });

  it('cuts elements and tags with their lines', () => {
    expect(cutsOf('<a>\n<p:r>1<b/></p:r>\n</a>', 5)).toEqual([
      '1 tag <a>',
      '2 element <p:r>1<b/></p:r>',
      '3 tag </a>',
      '3 undefined',
    ]);
  });

  it('passes over end tags of records that nobody opened', () => {
    expect(cutsOf('<a></r><r>1</r></r></a>', 5)).toEqual([
      '1 tag <a>',
      '1 element <r>1</r>',
      '1 tag </a>',
      '1 undefined',
    ]);
  });

  it('keeps no more than the limit and a chunk of what never ends', () => {
    for (const [begin, rest] of [
      ['<r>', 'x'],
      ['<r>', '<b>'],
      ['<r><b k="', 'x'],
      ['<r><![CDATA[', ']'],
      ['<!--', '-'],
      ['<a k="', 'x'],
      ['<!DOCTYPE a [', '<'],
      ['', 'x'],
      ['', '&'],
    ] as const) {
      const cutter = new Cutter(new Set(['r']), 1000);
      for (const _ of cutter.feed(Buffer.from(begin))) continue;
      for (let round = 0; round < 100; round += 1) for (const _ of cutter.feed(Buffer.from(rest.repeat(100)))) continue;
      expect(cutter.heldBytes).toBeLessThan(1400);
    }
  });
});
