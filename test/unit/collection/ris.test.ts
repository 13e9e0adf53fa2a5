import { describe, expect, it } from 'vitest';
import { ris } from '../../../src/collection/ris.ts';
import type { Paper } from '../../../src/domain/mod.ts';
import { collect, collectUntil, papersIn, readAs, rejectionsIn } from './reading.ts';

async function paper(...lines: string[]): Promise<Paper> {
  const readings = await readAs(ris, ['TY  - JOUR', 'TI  - On Looms', ...lines, 'ER  - ', ''].join('\r\n'));
  const [found] = papersIn(readings);
  if (!found) throw new Error(rejectionsIn(readings).join());
  return found;
}

async function* bytes(text: string, size: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

describe('a record', () => {
  it('is read whole', async () => {
    const found = await paper(
      ...['AU  - van Beethoven, Ludwig', 'AU  - King, Martin Luther, Jr.', 'A1  - Plato', 'AU  - Loom Consortium'],
      ...[
        'PY  - 2020',
        'DA  - 2020/05/03/',
        'T2  - Journal of Looms &amp; Threads',
        'DO  - https://doi.org/10.5555/ABC',
      ],
      ...[
        'UR  - https://x.org/a?b=1&amp;c=2',
        'UR  - https://arxiv.org/abs/1706.03762v2',
        'KW  - looms',
        'KW  - threads',
      ],
      ...['AB  - <p>We weave  - and knot,', 'H<sub>2</sub>O, p<0.05.</p>', 'N1  - 12 pages', 'SN  - 1234-5678'],
    );
    expect(found).toEqual({
      id: 'arXiv:1706.03762',
      ids: { arxiv: '1706.03762', doi: '10.5555/abc', url: 'https://x.org/a?b=1&c=2' },
      title: 'On Looms',
      abstract: 'We weave - and knot, H2O, p<0.05.',
      authors: ['Ludwig van Beethoven', 'Martin Luther King Jr.', 'Loom Consortium', 'Plato'],
      year: 2020,
      date: '2020-05-03',
      venue: 'Journal of Looms & Threads',
      url: 'https://x.org/a?b=1&c=2',
      categories: [],
      keywords: ['looms', 'threads'],
      comment: '12 pages',
    });
  });

  it('may be written in the old tags', async () => {
    const text = 'TY - JOUR\nT1 - Old\nA1 - Loom, Ada\nY1 - 1999/02//\nN2 - Text.\nJF - Looms\nER -\n';
    expect(papersIn(await readAs(ris, text))).toMatchObject([
      { title: 'Old', authors: ['Ada Loom'], year: 1999, abstract: 'Text.', venue: 'Looms' },
    ]);
  });

  it.each([
    [['PY  - 2020///'], { year: 2020 }],
    [['PY  - 2019', 'DA  - 2020/01/02'], { year: 2019 }],
    [['DA  - 2020/01/02'], { year: 2020, date: '2020-01-02' }],
    [['PY  - in press'], {}],
    [['Y1  - 2001/12/24/Christmas'], { year: 2001, date: '2001-12-24' }],
  ])('of %j has its date', async (lines, when) => {
    const { year, date } = await paper(...lines);
    expect({ year, date }).toEqual({ year: undefined, date: undefined, ...when });
  });

  it.each([
    [['M3  - doi: 10.5555/x'], { doi: '10.5555/x' }],
    [['AN  - PMID: 123'], { pmid: '123' }],
    [['AN  - 123', 'DP  - PubMed'], { pmid: '123' }],
    [['AN  - 123', 'DB  - Scopus'], {}],
    [['JO  - arXiv preprint arXiv:1706.03762'], { arxiv: '1706.03762' }],
    [['UR  - https://aclanthology.org/P19-1001'], { acl: 'P19-1001' }],
    [['ID  - loom2020'], {}],
  ])('of %j has its ids', async (lines, ids) => {
    const { local: _, ...found } = (await paper(...lines)).ids;
    expect(found).toEqual(ids);
  });

  it('may keep all keywords on one line', async () => {
    expect((await paper('KW  - looms; threads, knots')).keywords).toEqual(['looms', 'threads', 'knots']);
  });

  it('stands as it is where Paperkin wrote it', async () => {
    const lines = [
      'ID  - a/b c',
      'AB  - a &amp; <i>b</i>',
      'DB  - Paperkin',
      'M3  - paperkin: {"tldr":"x  - y","version":2}',
    ];
    expect(await paper(...lines)).toMatchObject({
      id: 'a/b c',
      abstract: 'a &amp; <i>b</i>',
      tldr: 'x - y',
      version: 2,
    });
    await expect(paper('DB  - Paperkin', 'M3  - paperkin: {')).rejects.toThrow(
      '1: what follows "paperkin: " is not JSON',
    );
  });
});

describe('a file', () => {
  it('is read whatever its line ends, its beginning and the size of its chunks', async () => {
    const text =
      '\uFEFFProvider: Looms\r\n\r\nTY  - JOUR\r\nTI  - Lööm\r\n  of Ada\r\nER  - \r\n\r\nTY  - BOOK\nTI  - Two\nER  -';
    for (const size of [1, 2, 3, 1000]) {
      const chunks = bytes(text, size);
      const readings = await collect(ris.read({ file: 'f', chunks, maxRecordBytes: 1000, columns: {} }));
      expect(papersIn(readings).map(({ title }) => title)).toEqual(['Lööm of Ada', 'Two']);
      expect(readings.map(({ line }) => line)).toEqual([3, 8]);
    }
  });

  it('explains its rejections, and loses nothing else', async () => {
    const text =
      'ER  - \nTY  - JOUR\nAU  - Loom, Ada\nER  - \nTY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nPY  - 20225\nER  - \nTY  - JOUR\nTI  - Cut';
    const readings = await readAs(ris, text);
    expect(papersIn(readings).map(({ title }) => title)).toEqual(['One']);
    expect(rejectionsIn(readings)).toEqual([
      '2: title is missing',
      expect.stringMatching(/^7: .*20225/),
      '11: the record has no end: there is no ER',
    ]);
  });

  it('rejects what is over the limit and reads on', async () => {
    const long = `${'z'.repeat(2000)}\nTY  - JOUR\nAB  - ${'x'.repeat(2000)}\nER  - \nTY  - JOUR\nAB  - a\n${'words\n'.repeat(500)}ER  - \n`;
    const chunks = bytes(`${long}TY  - JOUR\nTI  - Last\nER  - \n`, 100);
    const readings = await collect(ris.read({ file: 'f', chunks, maxRecordBytes: 1000, columns: {} }));
    expect(rejectionsIn(readings)).toEqual([
      '1: the line is longer than 1000 bytes',
      '2: the record is longer than 1000 bytes',
      '5: the record is longer than 1000 bytes',
    ]);
    expect(papersIn(readings).map(({ title }) => title)).toEqual(['Last']);
  });

  it('gives what came before the input failed', async () => {
    async function* failing() {
      yield Buffer.from('TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Tw');
      throw new Error('the disk is gone');
    }
    const { values, thrown } = await collectUntil(
      ris.read({ file: 'f', chunks: failing(), maxRecordBytes: 1000, columns: {} }),
    );
    expect(papersIn(values).map(({ title }) => title)).toEqual(['One']);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { line: 5 } });
  });

  it.each(['TY  - JOUR\n', 'AU  - A, B\n', 'UR  - http://a; ', 'AN  - doi:', ' ', 'words\n'])(
    'may hold an endless row of %j',
    async (piece) => {
      const readings = await readAs(ris, `TY  - JOUR\nTI  - x\nUR  - http://x.org${piece.repeat(20_000)}\nER  - \n`);
      expect(readings.length).toBeGreaterThan(0);
    },
  );
});

describe('recognising', () => {
  it.each([
    ['TY  - JOUR\nTI  - x', true],
    ['Provider: Looms\n\nTY  - CONF\n', true],
    ['{"ris": "\nTY  - JOUR"}', false],
    ['AUTHOR - TY', false],
    ['', false],
  ])('%j: %j', (beginning, is) => {
    expect(ris.recognises(beginning)).toBe(is);
  });
});
