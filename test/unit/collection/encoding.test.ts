import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUtf8 } from '../../../src/collection/encoding.ts';
import { collect, papersIn, readBytes } from './reading.ts';

function chunksOf(bytes: Uint8Array, chunkBytes: number): Readable {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  return Readable.from(chunks);
}

async function textOf(bytes: Uint8Array, chunkBytes = 7): Promise<string> {
  const utf8 = Buffer.concat(await collect(toUtf8(chunksOf(bytes, chunkBytes))));
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(utf8);
}

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('text', () => {
  it('in UTF-8 stays as it is, however it is cut into chunks; a byte order mark goes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        async (text, by) => {
          const kept = text.replace(/^\uFEFF/, '').replace(/\p{Cs}/gu, '?');
          fc.pre(!kept.includes('\0'));
          expect(await textOf(Buffer.from(kept), by)).toBe(kept);
          expect(await textOf(Buffer.from(`\uFEFF${kept}`), by)).toBe(kept);
        },
      ),
    );
  });

  it('in UTF-16 is recognised by its mark, or by its zeros', async () => {
    const text = '{"title": "Über die Größe – 大きさ", "abstract": "Ω, 𝔐."}\n';
    for (const bytes of [Buffer.from(text, 'utf16le'), swapped(text)]) expect(await textOf(bytes)).toBe(text);
    const marked = `\uFEFF${text}`;
    for (const bytes of [Buffer.from(marked, 'utf16le'), swapped(marked)]) expect(await textOf(bytes)).toBe(text);
  });

  it('in UTF-16 that ends in half a character ends in U+FFFD', async () => {
    expect(await textOf(Buffer.from('\uFEFFab', 'utf16le').subarray(0, 5))).toBe('a\uFFFD');
  });

  it('with zero bytes among it is no UTF-16', async () => {
    expect(await textOf(Buffer.from('{"title": "A\0B"}'))).toBe('{"title": "A\0B"}');
    const readings = await collect(readBytes('{"title": "Plain"}\n{"title": "Zero\0bytes"}\n\0\0\0\0'));
    expect(papersIn(readings).map(({ title }) => title)).toEqual(['Plain', 'Zero bytes']);
    expect(readings).toHaveLength(2);
  });

  it('in Latin-1 or Windows-1252 is read right', async () => {
    const text = 'Gödel, Escher – “Bach” naïve façade €5 ½ ÿ';
    const bytes = Buffer.from(
      text.replace(/[–“”€]/g, (sign) => ({ '–': '\x96', '“': '\x93', '”': '\x94', '€': '\x80' })[sign] ?? ''),
      'latin1',
    );
    for (const by of [1, 2, 3, 100]) expect(await textOf(bytes, by)).toBe(text);
    expect(await textOf(Buffer.from([0x41, 0x81, 0x9d]))).toBe('A\uFFFD\uFFFD');
  });

  it('of both kinds is read right on both sides, also far behind the beginning', async () => {
    const filler = 'Größe, '.repeat(20_000);
    const bytes = Buffer.concat([Buffer.from(filler), Buffer.from('Größe', 'latin1'), Buffer.from(', Größe')]);
    expect(await textOf(bytes, 65_536)).toBe(`${filler}Größe, Größe`);
  });

  it('that is no UTF-8 by its rules (surrogates, overlong forms, beyond Unicode) is not passed on as it', async () => {
    for (const bytes of [
      [0xed, 0xa0, 0x80],
      [0xc0, 0xaf],
      [0xe0, 0x80, 0xaf],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0xff],
    ]) {
      const whole = Buffer.from([0x41, ...bytes, 0x42]);
      for (const by of [1, 2, 10]) expect(await textOf(whole, by)).toMatch(/^A[^A]+B$/);
    }
  });

  it('of any bytes comes out as UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), async (bytes, by) => {
        const once = await textOf(bytes, by);
        expect(await textOf(bytes, 1)).toBe(once);
      }),
    );
  });
});

describe('XML', () => {
  const declaring = (label: string): string => `<?xml version="1.0" encoding="${label}"?><a>é</a>`;

  it('is read in the encoding that it declares', async () => {
    for (const label of ['ISO-8859-1', 'windows-1252', 'latin1']) {
      expect(await textOf(Buffer.from(declaring(label), 'latin1'))).toBe(declaring(label));
    }
    const japanese = Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="Shift_JIS"?><a>'),
      Buffer.from([0x93, 0xfa, 0x96, 0x7b]),
    ]);
    expect(await textOf(japanese)).toMatch(/<a>日本$/);
  });

  it('that declares what it is not, or what nobody knows, is read like any text', async () => {
    for (const label of ['UTF-8', 'UTF-16', 'ebcdic-of-old']) {
      expect(await textOf(Buffer.from(declaring(label)))).toBe(declaring(label));
      expect(await textOf(Buffer.from(declaring(label), 'latin1'))).toBe(declaring(label));
    }
  });
});
