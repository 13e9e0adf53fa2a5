import { describe, expect, it } from 'vitest';
import { WRITERS, writerForFile, writerNamed } from '../../../../src/collection/mod.ts';
import { type PaperRecord, paperOf } from '../../../../src/collection/record.ts';
import type { Paper } from '../../../../src/domain/mod.ts';
import { collect } from '../reading.ts';

const LOOM: PaperRecord = {
  id: 'arXiv:2401.00001v2',
  doi: '10.1000/loom_1',
  title: 'Weaving with BERT: 50% of $x_1 < y$ & more',
  abstract: 'A loom--that is, $\\{a\\}$--weaves <i>all</i> of it.',
  authors: ['Ludwig van Beethoven', 'Martin Luther King Jr.', 'Loom and Thread', 'Aristotle'],
  when: { year: 2024, date: '2024-01-02' },
  venue: 'Journal of Looms & Threads',
  categories: ['cs.CL', 'cs.LG'],
  keywords: ['weaving', 'looms, old'],
  url: 'https://arxiv.org/abs/2401.00001',
  citations: 3,
};

async function written(name: string, more: Partial<PaperRecord> = {}): Promise<string> {
  return (await collect(writerNamed(name).write([paperOf({ ...LOOM, ...more })]))).join('');
}

describe('writers', () => {
  it('are found by name, and by the ending of a file, compressed or not', () => {
    for (const writer of WRITERS) {
      expect(writerNamed(writer.name)).toBe(writer);
      expect(writerForFile(`Some Papers.${writer.extension.toUpperCase()}`)).toBe(writer);
      expect(writerForFile(`papers.2024.${writer.extension}.gz`)).toBe(writer);
    }
    expect(writerForFile('papers.doc')).toBeUndefined();
    expect(() => writerNamed('word')).toThrow('formats are jsonl, bibtex, ris, csl-json, csv, markdown');
  });

  it.each(WRITERS.map((writer) => [writer.name, writer] as const))(
    '%s asks for papers as it goes',
    async (_, writer) => {
      let asked = 0;
      async function* papers(): AsyncGenerator<Paper> {
        for (;;) {
          asked += 1;
          yield paperOf({ ...LOOM, id: `P${asked}` });
        }
      }
      let text = '';
      for await (const piece of writer.write(papers())) {
        text += piece;
        if (text.includes('P200')) break;
      }
      expect(asked).toBeLessThan(600);
    },
  );
});

describe('bibtex', () => {
  it('writes what LaTeX takes as it is meant', async () => {
    const text = await written('bibtex');
    expect(text).toContain('  title = {Weaving with {BERT}: 50\\% of $x_1 < y$ \\& more},\n');
    expect(text).toContain(
      '  author = {van Beethoven, Ludwig and King, Jr., Martin Luther and {Loom and Thread} and {Aristotle}},\n',
    );
    expect(text).toContain('  journal = {Journal of Looms \\& Threads},\n  year = {2024},\n  month = jan,\n');
    expect(text).toContain('  eprint = {2401.00001},\n  archiveprefix = {arXiv},\n  primaryclass = {cs.CL},\n');
    expect(text).toContain('  doi = {10.1000/loom_1},\n');
    expect(text).toContain('A loom-{}-that is, $\\{a\\}$-{}-weaves \\textless{}i\\textgreater{}all');
  });

  it('chooses the type of the entry by the venue', async () => {
    expect(await written('bibtex')).toMatch(/^@article\{/);
    expect(await written('bibtex', { venue: 'Proceedings of the Loom Conference' })).toMatch(/^@inproceedings\{/);
    expect(await written('bibtex', { venue: undefined })).toMatch(/^@misc\{/);
    expect(await written('bibtex', { venue: 'bioRxiv' })).toMatch(/^@misc\{/);
  });

  it('gives two papers that are cited alike two keys, the same in every export', async () => {
    const keyOf = (text: string): string => /^@\w+\{(.*),$/m.exec(text)?.[1] ?? '';
    const [one, again, other] = [
      keyOf(await written('bibtex')),
      keyOf(await written('bibtex', { abstract: 'Another.' })),
      keyOf(await written('bibtex', { id: 'another' })),
    ];
    expect(one).toMatch(/^beethoven2024weaving-[0-9a-v]{6}$/);
    expect(again).toBe(one);
    expect(other).toMatch(/^beethoven2024weaving-[0-9a-v]{6}$/);
    expect(other).not.toBe(one);
  });

  it('keeps prices from being typeset as mathematics, and its braces balanced', async () => {
    const text = await written('bibtex', { abstract: 'From $5 to $10 {a $\\{x$' });
    expect(text).toContain('From \\$5 to \\$10 \\textbraceleft{}a \\$');
  });
});

describe('ris', () => {
  it('turns names round and gives each field a line of its own', async () => {
    const text = await written('ris', { keywords: ['weaving', 'looms'] });
    const lines = text.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'TY  - JOUR',
      'ID  - arXiv:2401.00001',
      'TI  - Weaving with BERT: 50% of $x_1 < y$ & more',
      'AU  - van Beethoven, Ludwig',
      'AU  - King, Martin Luther, Jr.',
    ]);
    expect(lines).toContain('DA  - 2024/01/02');
    expect(lines).toContain('KW  - looms');
    expect(text).toMatch(/\nER {2}- \n\n$/);
  });
});

describe('csl-json', () => {
  it('writes entries as citation processors know them', async () => {
    expect(JSON.parse(await written('csl-json'))).toMatchObject([
      {
        id: 'arXiv:2401.00001',
        type: 'article-journal',
        author: [
          { family: 'Beethoven', given: 'Ludwig', 'non-dropping-particle': 'van' },
          { family: 'King', given: 'Martin Luther', suffix: 'Jr.' },
          { literal: 'Loom and Thread' },
          { literal: 'Aristotle' },
        ],
        issued: { 'date-parts': [[2024, 1, 2]] },
        'container-title': 'Journal of Looms & Threads',
        DOI: '10.1000/loom_1',
      },
    ]);
  });
});

describe('csv', () => {
  it('keeps spreadsheets from computing what looks like a formula', async () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', "'1", '＝1'];
    const titles = await Promise.all(formulas.map((title) => written('csv', { title })));
    titles.forEach((text, at) => expect(text).toContain(`,'${formulas[at]},`));
  });

  it('quotes commas and quotes, and ends its records as RFC 4180 has it', async () => {
    const text = await written('csv', { title: 'A "loom", old', abstract: '', keywords: ['a', 'b'] });
    expect(text.split('\r\n')).toHaveLength(3);
    expect(text).toContain(',"A ""loom"", old",,');
    expect(text).toContain(',a; b,');
  });
});

describe('markdown', () => {
  it('reads well', async () => {
    const paragraphs = (await written('markdown')).split('\n\n');
    expect(paragraphs).toEqual([
      expect.stringMatching(/^<!-- Paperkin: .* -->$/),
      '## Weaving with BERT: 50% of $x_1 < y$ & more',
      'Ludwig van Beethoven, Martin Luther King Jr., Loom and Thread, Aristotle · Journal of Looms & Threads 2024 · ' +
        '[arXiv:2401.00001](https://arxiv.org/abs/2401.00001) · [DOI:10.1000/loom\\_1](https://doi.org/10.1000/loom_1)',
      '*weaving, looms, old*',
      expect.stringMatching(/^<!-- paperkin \{.*\} -->$/),
      'A loom--that is, $\\{a\\}$--weaves \\<i>all\\</i> of it.\n',
    ]);
  });

  it('lets nothing out of a paper that a browser would run or a comment would end at', async () => {
    const evil = '--><script>alert(1)</script> $<img src=x>$ `<b>` [x](javascript:a)';
    const text = await written('markdown', {
      title: evil,
      abstract: evil,
      venue: evil,
      keywords: [evil],
      authors: [evil],
    });
    for (const line of text.split('\n').slice(1)) {
      if (line.startsWith('<!--')) expect(line.indexOf('-->')).toBe(line.length - 3);
      else expect(line).not.toMatch(/(?<!\\)(?:<|`|\[x)/);
    }
  });
});
