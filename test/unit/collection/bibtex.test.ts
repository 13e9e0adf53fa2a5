import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bibtex } from '../../../src/collection/bibtex.ts';
import { readPapers } from '../../../src/collection/mod.ts';
import type { Paper } from '../../../src/domain/mod.ts';
import { isPlain, messyBib } from '../../support/messy-bib.ts';
import { collect, collectUntil, papersIn, readAs, rejectionsIn } from './reading.ts';

const REAL = ['arxiv.jsonl.gz', 'conference.jsonl.gz'].map((file) =>
  fileURLToPath(new URL(`../../../../shared/data/${file}`, import.meta.url)),
);
const tex = String.raw;

async function paper(fields: string, type = 'article'): Promise<Paper> {
  const readings = await readAs(bibtex, `@${type}{key, title = {On Looms}, ${fields}}`);
  const [found] = papersIn(readings);
  if (!found) throw new Error(rejectionsIn(readings).join());
  return found;
}

async function rejections(text: string): Promise<string[]> {
  return rejectionsIn(await readAs(bibtex, text));
}

async function* bytes(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

describe('the text of an entry', () => {
  it('loses braces and TeX, and keeps its case and its mathematics', async () => {
    const { title, abstract } = await paper(
      tex`abstract = "We study $x_{1} < y$ -- by {\'E}t{\'e}.
        Its \emph{cost} is 5\%.", title = {ignored}`,
    );
    expect(title).toBe('On Looms');
    expect(abstract).toBe('We study $x_{1} < y$ – by Été. Its cost is 5%.');
    const [shouting] = papersIn(
      await readAs(bibtex, '@misc{a, title = {{ON} the {BERT} of Ada {L}oom}, subtitle = {A Tale}}'),
    );
    expect(shouting?.title).toBe('ON the BERT of Ada Loom: A Tale');
  });

  it('loses HTML that publishers leave in it', async () => {
    const { abstract } = await paper(tex`abstract = {<p>Looms \&amp; <i>threads</i>, p &lt; 0.05, a<b</p>}`);
    expect(abstract).toBe('Looms & threads, p < 0.05, a<b');
  });
});

describe('authors', () => {
  it.each([
    [tex`van Beethoven, Ludwig and King, Jr., Martin Luther`, ['Ludwig van Beethoven', 'Martin Luther King Jr.']],
    [tex`Ludwig van Beethoven AND Ada Loom and others`, ['Ludwig van Beethoven', 'Ada Loom']],
    [tex`{Barnes and Noble, Inc.} and Dvo{\v r}{\'a}k, Anton{\'i}n`, ['Barnes and Noble, Inc.', 'Antonín Dvořák']],
    [tex`Loom, PhD, Ada and {\O}re, S{\o}ren`, ['Ada Loom PhD', 'Søren Øre']],
    [tex`family=Beethoven, given=Ludwig, prefix=van and Plato`, ['Ludwig van Beethoven', 'Plato']],
    [tex`Anderson, Ann and and Sand, Andy`, ['Ann Anderson', 'Andy Sand']],
    [tex`{others}`, ['others']],
    [tex`山田 太郎 and Nguyễn, Văn An`, ['山田 太郎', 'Văn An Nguyễn']],
  ])('of %j', async (list, names) => {
    expect((await paper(`author = {${list}}`)).authors).toEqual(names);
  });

  it('lose the number by which DBLP tells people of one name apart', async () => {
    expect((await paper('author = {Wei Wang 0042 and Ada Loom}')).authors).toEqual(['Wei Wang', 'Ada Loom']);
  });

  it('are the editors of a book that has none, and of nothing else', async () => {
    expect((await paper('editor = {Loom, Ada}', 'proceedings')).authors).toEqual(['Ada Loom']);
    expect((await paper('editor = {Loom, Ada}', 'inproceedings')).authors).toEqual([]);
  });
});

describe('the date', () => {
  it.each([
    ['year = 2020, month = jan', { year: 2020 }],
    ['date = {2020-05-03}, year = {1999}', { year: 2020, date: '2020-05-03' }],
    ['date = {2020-05}', { year: 2020 }],
    ['date = {2020-05-03/2020-05-06}', { year: 2020, date: '2020-05-03' }],
    ['year = {2020/2021}', { year: 2020 }],
    ['year = 2020, month = may, day = 3', { year: 2020, date: '2020-05-03' }],
    ['year = {2020}, month = {5}, day = {03}', { year: 2020, date: '2020-05-03' }],
    ['year = {2020}, month = {3~May}', { year: 2020, date: '2020-05-03' }],
    ['year = {2020}, month = jan # "~9"', { year: 2020, date: '2020-01-09' }],
    ['year = {2020}, month = {1--3 June}', { year: 2020 }],
    ['year = {2020}, month = {feb}, day = {31}', { year: 2020 }],
    ['year = {c. 1999}', { year: 1999 }],
    ['year = {forthcoming}', {}],
    ['date = {in press}, year = {{2021}}', { year: 2021 }],
  ])('of %j', async (fields, when) => {
    const { year, date } = await paper(fields);
    expect({ year, date }).toEqual({ year: undefined, date: undefined, ...when });
  });

  it('is blamed where its year is none', async () => {
    expect(await readAs(bibtex, '@misc{a, title={T},\n year={20225}}')).toMatchObject([
      { kind: 'rejected', file: 'papers', line: 1, field: 'year', reason: expect.stringContaining('20225') },
    ]);
  });
});

describe('ids', () => {
  it.each([
    ['doi = {10.5555/ABC}', { doi: '10.5555/abc' }],
    [tex`doi = {https://doi.org/10.5555/a\_b}`, { doi: '10.5555/a_b' }],
    ['eprint = {1706.03762}, archivePrefix = {arXiv}, primaryClass = {cs.CL}', { arxiv: '1706.03762' }],
    ['eprint = {hep-th/9901001}, eprinttype = {arxiv}', { arxiv: 'hep-th/9901001' }],
    ['journal = {arXiv preprint arXiv:1706.03762}', { arxiv: '1706.03762' }],
    ['journal = {CoRR}, volume = {abs/1706.03762}', { arxiv: '1706.03762' }],
    ['note = {arXiv:1706.03762 [cs]}', { arxiv: '1706.03762' }],
    [tex`howpublished = {\url{https://arxiv.org/abs/1706.03762}}`, { arxiv: '1706.03762' }],
    ['url = {https://aclanthology.org/P19-1001/}', { acl: 'P19-1001' }],
    ['url = {https://openreview.net/forum?id=a_b}', { openreview: 'a_b' }],
    ['pmid = {123}', { pmid: '123' }],
    ['eprint = {77}, eprinttype = {pubmed}', { pmid: '77' }],
    [tex`url = {http://x.org/a\_b?c=d\&e=f\%20}`, { url: 'http://x.org/a_b?c=d&e=f%20' }],
  ])('of %j', async (fields, ids) => {
    const { local: _, ...found } = (await paper(fields)).ids;
    expect(found).toEqual(ids);
  });

  it('are not taken from notes on other papers, nor from cite keys', async () => {
    const { id, ids } = await paper('note = {Extends arXiv:1706.03762}');
    expect(id).toMatch(/^title:/);
    expect(Object.keys(ids)).toEqual(['local']);
  });

  it('take the place of the venue where that only names arXiv', async () => {
    expect((await paper('journal = {CoRR}, volume = {abs/1706.03762}')).venue).toBeUndefined();
    expect((await paper('booktitle = {Proc. of Looms}')).venue).toBe('Proc. of Looms');
  });
});

describe('a file', () => {
  it('may hold macros, comments, and several entries on a line', async () => {
    const text = tex`% @article{x, title={Not this}}
@string{j = "Journal " # {of}}
@string{jl = j # " Looms"}
@article{a, title = {One}, journal = jl} @article{b, title = {Two}, journal = nowhere, year = 2 # {020}}
@comment{Any {braces}} @preamble{"\foo"}
@article(c, title = "Three (3)")`;
    const readings = await readAs(bibtex, text);
    expect(readings.map((reading) => reading.line)).toEqual([4, 4, 6]);
    expect(papersIn(readings)).toMatchObject([
      { title: 'One', venue: 'Journal of Looms' },
      { title: 'Two', venue: 'nowhere', year: 2020 },
      { title: 'Three (3)' },
    ]);
  });

  it('is read whatever its line ends and the size of its chunks', async () => {
    const text = '\uFEFF@article{a,\r\n  title = {Lööms\r\n  of Ada},\r\n}\r\n@article{b, title={Two}}';
    for (const size of [1, 2, 3, 1000]) {
      const chunks = bytes(text, size);
      const readings = await collect(bibtex.read({ file: 'f', chunks, maxRecordBytes: 1000, columns: {} }));
      expect(papersIn(readings).map(({ title }) => title)).toEqual(['Lööms of Ada', 'Two']);
      expect(readings.map(({ line }) => line)).toEqual([1, 5]);
    }
  });

  it('gives children what their parents know, before and behind them', async () => {
    const child = '@inproceedings{a, title={A}, crossref={P}}';
    const parent = '@proceedings{p, title={Proc. of Looms}, year=1999, doi={10.5555/p}}';
    for (const text of [`${child}\n${parent}`, `${parent}\n${child}`]) {
      const papers = papersIn(await readAs(bibtex, text));
      expect(papers.find(({ title }) => title === 'A')).toMatchObject({ venue: 'Proc. of Looms', year: 1999 });
      expect(papers.find(({ title }) => title === 'A')?.ids.doi).toBeUndefined();
    }
  });

  it('keeps its order around children, and reads those whose parent never comes', async () => {
    const children = Array.from({ length: 1500 }, (_, at) => `@misc{k${at}, title={T${at}}, crossref={none}}\n`);
    const papers = papersIn(await readAs(bibtex, children.join('')));
    expect(papers.map(({ title }) => title)).toEqual(children.map((_, at) => `T${at}`));
  });

  it('loses only the entry whose braces are not balanced', async () => {
    const text =
      '@article{a, title = {One {two}, year = 2020}\n@article{b, title = {Two}}\n@article{c, title = {Three}}, year = 1}\n';
    const readings = await readAs(bibtex, text);
    expect(papersIn(readings).map(({ title }) => title)).toEqual(['Two']);
    expect(rejectionsIn(readings)).toEqual([
      '1: the braces are not balanced: the entry has no end',
      '3: the braces are not balanced: fields follow the end of the entry',
    ]);
  });

  it('may count braces behind a backslash, or not', async () => {
    const text = tex`@misc{a, title = {The $\left\{ x \right.$ Case}}
@misc{b, title = {Set}, file = {C:\papers\}, year = 2020}
@misc{c, title = {Next}}`;
    expect(papersIn(await readAs(bibtex, text)).map(({ title, year }) => [title, year])).toEqual([
      [tex`The $\left\{ x \right.$ Case`, undefined],
      ['Set', 2020],
      ['Next', undefined],
    ]);
  });

  it('explains every rejection with its line', async () => {
    expect(await rejections('\n@article{a, year = 2020}')).toEqual(['2: title is missing']);
    expect(await rejections('@article{a, title = {}}')).toEqual(['1: title is empty']);
    expect(await rejections('@article{a, title = {x}, journal = Two Words}')).toEqual([
      expect.stringMatching(/^1: not BibTeX: .*Words/),
    ]);
    expect(await rejections('@article{a, title')).toEqual(['1: the braces are not balanced: the entry has no end']);
    expect(await rejections(`@article{a, ${'x={},'.repeat(600)}}`)).toEqual(['1: the entry has more than 500 fields']);
  });

  it('rejects what is over the limit and reads on', async () => {
    const long = `@article{a, title = {${'x'.repeat(2000)}}}\n@article{b, title = {\n${'y\n'.repeat(2000)}}}\n`;
    const chunks = bytes(`${long}@article{c, title={Last}}`, 100);
    const readings = await collect(bibtex.read({ file: 'f', chunks, maxRecordBytes: 1000, columns: {} }));
    expect(rejectionsIn(readings)).toEqual([
      '1: the line is longer than 1000 bytes',
      '2: the entry is longer than 1000 bytes',
    ]);
    expect(papersIn(readings).map(({ title }) => title)).toEqual(['Last']);
  });

  it('gives what came before the input failed', async () => {
    async function* failing() {
      yield Buffer.from('@misc{a, title={One}, crossref={z}}\n@misc{b, title={Two}}\n@misc{c, title={Thr');
      throw new Error('the disk is gone');
    }
    const content = { file: 'f', chunks: failing(), maxRecordBytes: 1000, columns: {} };
    const { values, thrown } = await collectUntil(bibtex.read(content));
    expect(papersIn(values).map(({ title }) => title)).toEqual(['One', 'Two']);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { line: 3, reason: 'the disk is gone' } });
  });

  it('cannot be made endless by macros that name macros', async () => {
    const macros = Array.from({ length: 60 }, (_, at) => `@string{m${at + 1} = m${at} # m${at}}\n`).join('');
    const readings = await readAs(bibtex, `@string{m0 = "xxxxxxxxxx"}\n${macros}@misc{a, title = m3}`);
    expect(papersIn(readings)[0]?.title).toBe('x'.repeat(80));
    expect(rejectionsIn(readings)[0]).toMatch(/the @string M8 is longer/);
  });

  it.each(['{', '}', '"', '@', '\\', '%', 'a={},', '#', ',', ' and '])(
    'may hold an endless row of %j',
    async (piece) => {
      const row = piece.repeat(20_000);
      for (const text of [`@misc{a, title={x}, author={${row}}}`, `@misc{a, ${row}`, `@misc{${row}}`, row])
        expect((await readAs(bibtex, text)).length).toBeLessThan(3);
    },
  );
});

describe('recognising', () => {
  it.each([
    ['@article{a,\n title={x}}', true],
    ['% Encoding: UTF-8\n\n@Comment{jabref}\n', true],
    ['Some words.\n\n  @inproceedings{smith:2020-a,', true],
    ['{"bibtex": "@article{a, x"}', false],
    ['Write to ada@loom.org, or (see\n@ada) elsewhere.', false],
    ['', false],
  ])('%j: %j', (beginning, is) => {
    expect(bibtex.recognises(beginning)).toBe(is);
  });
});

it.skipIf(!REAL.every(existsSync))(
  'reads a messy library of 500 entries, every rejection explained (skipped where ../shared/data is absent)',
  async () => {
    const papers: Paper[] = [];
    for (const path of REAL) {
      const wanted = papers.length + 250;
      for await (const reading of readPapers({ path })) {
        if (papers.length === wanted) break;
        if (reading.kind === 'paper' && isPlain(reading.paper)) papers.push(reading.paper);
      }
    }
    const { text, expected } = messyBib(papers);
    expect(expected.length).toBe(501);
    const readings = await readAs(bibtex, text);
    expect(readings.length).toBe(expected.length);
    expected.forEach((entry, at) => {
      const reading = readings[at];
      expect(reading?.line).toBe(entry.line);
      if ('paper' in entry) {
        const found = reading?.kind === 'paper' ? Object.entries(reading.paper) : [];
        expect(Object.fromEntries(found.filter(([name]) => name in entry.paper))).toEqual(entry.paper);
      } else {
        const { reason, field } = entry.rejected;
        expect(reading).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(reason) });
        expect(reading).toHaveProperty('file', 'papers');
        if (field !== undefined) expect(reading).toHaveProperty('field', field);
      }
    });
  },
);
