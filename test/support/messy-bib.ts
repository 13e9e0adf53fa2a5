import type { Paper } from '../../src/domain/mod.ts';

/** What an entry of a messy file has to give: parts of a paper, a rejection, or nothing. */
export type Expected =
  | { readonly paper: Readonly<Record<string, unknown>> }
  | { readonly rejected: { readonly reason: RegExp; readonly field?: string } };

export interface MessyBib {
  readonly text: string;
  /** In the order of the file; `line` is where the entry begins. */
  readonly expected: ReadonlyArray<Expected & { readonly line: number }>;
}

const ACCENTS: Readonly<Record<string, string>> = {
  '\u0300': '\\`',
  '\u0301': "\\'",
  '\u0302': '\\^',
  '\u0303': '\\~',
  '\u0308': '\\"',
  '\u030C': '\\v',
  '\u0327': '\\c',
};

/** TeX as people type it. What is no Latin letter stays as it is. */
function tex(text: string): string {
  return text
    .replace(/[&%#_]/g, '\\$&')
    .normalize('NFD')
    .replace(
      /([a-zA-Z])([\u0300\u0301\u0302\u0303\u0308\u030C\u0327])(?!\p{M})/gu,
      (_, letter: string, mark: string) => {
        const base = letter === 'i' ? '\\i' : letter;
        return `{${ACCENTS[mark] ?? ''}{${base}}}`;
      },
    )
    .normalize('NFC');
}

const guarded = (title: string): string => tex(title).replace(/\b[A-Z]{2,}\b/g, '{$&}');

const turned = (name: string): string => {
  const words = name.split(' ');
  return words.length < 2 ? name : `${words.at(-1)}, ${words.slice(0, -1).join(' ')}`;
};
const names = (authors: readonly string[]): string => tex(authors.map(turned).join('\n               and '));

interface Written {
  readonly text: string;
  readonly expected: Expected;
}
type Kind = (paper: Paper, at: number) => Written;

const whole = ({ title, abstract, authors, year }: Paper) => ({ title, abstract, authors, year });
const abstractIn = ({ abstract }: Paper): string => tex(abstract).replace(/(.{70}) /g, '$1\n    ');

/** The ways in which people's entries are written, and in which they are broken. */
const KINDS: Readonly<Record<string, Kind>> = {
  plain: (paper, at) => ({
    text: `@article{plain${at},
  author   = {${names(paper.authors)}},
  title    = {${guarded(paper.title)}},
  journal  = {Journal of M{\\"a}chine \\& Thread},
  year     = ${paper.year},
  abstract = {${abstractIn(paper)}},
}`,
    expected: { paper: { ...whole(paper), venue: 'Journal of Mächine & Thread' } },
  }),
  strings: (paper, at) => ({
    text: `@InProceedings{strings${at},
  Author = "${names(paper.authors).replace(/\{\\"\{(\w)\}\}/g, '{\\"$1}')} and others",
  Title = "{${guarded(paper.title)}}",
  BookTitle = proc # " (" # lint # {)},
  Month = jul, Year = {${paper.year}},
  Abstract = {${abstractIn(paper)}} }`,
    expected: { paper: { ...whole(paper), venue: 'Proceedings of the Lint (Linters)' } },
  }),
  crossref: (paper, at) => ({
    text: `@inproceedings{child${at}, crossref = {Parent}, title = {${guarded(paper.title)}}, author = {${names(paper.authors)}}}`,
    expected: { paper: { title: paper.title, authors: paper.authors, year: 1999, venue: 'Proc. of the Parents' } },
  }),
  arxiv: (paper, at) => ({
    text: `@article{arxiv${at}, title={${guarded(paper.title)}}, author={${names(paper.authors)}}, journal={arXiv preprint arXiv:1801.${String(at).padStart(5, '0')}v2}, year={${paper.year}}}`,
    expected: {
      paper: {
        title: paper.title,
        id: `arXiv:1801.${String(at).padStart(5, '0')}`,
        version: 2,
        venue: undefined,
        authors: paper.authors,
      },
    },
  }),
  entities: (paper, at) => ({
    text: `@article{https://doi.org/10.5555/A.${at},
\ttitle = {R&amp;D of <i>${guarded(paper.title)}</i> \\&amp; more},
\tdoi = {https://doi.org/10.5555/A.${at}\\_b}, url = {http://dx.doi.org/10.5555/A.${at}\\_b},
\tabstract = {<p>${abstractIn(paper)}</p>},
\tyear = {${paper.year}}
}`,
    expected: {
      paper: {
        title: `R&D of ${paper.title} & more`,
        abstract: paper.abstract,
        id: `DOI:10.5555/a.${at}_b`,
        year: paper.year,
        authors: [],
      },
    },
  }),
  untitled: (paper, at) => ({
    text: `@article{untitled${at},\n  author = {${names(paper.authors)}},\n  year = {${paper.year}}\n}`,
    expected: { rejected: { field: 'title', reason: /title is missing/ } },
  }),
  unclosed: (paper, at) => ({
    text: `@article{unclosed${at},\n  title = {{${guarded(paper.title)}},\n  year = {${paper.year}}\n}`,
    expected: { rejected: { reason: /braces are not balanced/ } },
  }),
  closedTwice: (paper, at) => ({
    text: `@article{twice${at},\n  title = {${guarded(paper.title)}}},\n  year = {${paper.year}},\n}`,
    expected: { rejected: { reason: /braces are not balanced: fields follow/ } },
  }),
  duplicateKey: (paper) => ({
    text: `@misc{duplicate, title = {${guarded(paper.title)}}, title = {Another}}`,
    expected: { paper: { title: paper.title, authors: [], abstract: '', year: undefined } },
  }),
  commented: (paper, at) => ({
    text: `% from the reading list {\n@ARTICLE{commented${at},\n  % TITLE = {An older one},\n  TITLE = "${guarded(paper.title)}", % {\n  YEAR = "${paper.year}",\n}`,
    expected: { paper: { title: paper.title, year: paper.year } },
  }),
  biblatex: (paper, at) => ({
    text: `@online{biblatex${at},
  title = {${guarded(paper.title)}}, author = {${names(paper.authors)} and {Consortium of Looms, Ltd.}},
  date = {2018-02-${String((at % 28) + 1).padStart(2, '0')}}, eprint = {1802.${String(at).padStart(5, '0')}}, eprinttype = {arxiv},
  eprintclass = {cs.CL}, urldate = {2020-01-01}, note = {${tex('12 pages & 3 figures')}},
  keywords = {looms, threads; knots},
}`,
    expected: {
      paper: {
        title: paper.title,
        id: `arXiv:1802.${String(at).padStart(5, '0')}`,
        authors: [...paper.authors, 'Consortium of Looms, Ltd.'],
        date: `2018-02-${String((at % 28) + 1).padStart(2, '0')}`,
        year: 2018,
        keywords: ['looms', 'threads', 'knots'],
        comment: '12 pages & 3 figures',
      },
    },
  }),
  forthcoming: (paper, at) => ({
    text: `@book{soon${at}, title = {${guarded(paper.title)}}, editor = {${names(paper.authors)}}, year = {forthcoming}}`,
    expected: { paper: { title: paper.title, authors: paper.authors, year: undefined } },
  }),
  farFuture: (paper, at) => ({
    text: `@article{future${at},\n  title = {${guarded(paper.title)}},\n  year = {20225}}`,
    expected: { rejected: { field: 'year', reason: /20225/ } },
  }),
  commaForgotten: (paper, at) => ({
    text: `@article{comma${at},\n  title = {${guarded(paper.title)}}\n  year = {${paper.year}}\n}`,
    expected: { paper: { title: paper.title, year: paper.year } },
  }),
  jabref: (paper, at) => ({
    text: `@Article{jabref:${at}(b),
  title     = {${guarded(paper.title)}},
  file      = {:C\\:\\\\papers\\\\${at}.pdf:PDF},
  groups    = {to read, $ unbalanced},
  timestamp = {2020.01.01},
  year      = {${paper.year}},
}

@Comment{jabref-meta: grouping:
0 AllEntriesGroup:;
1 StaticGroup:read\\;0\\;1\\;\\;\\;\\;;
}`,
    expected: { paper: { title: paper.title, year: paper.year } },
  }),
  parentheses: (paper, at) => ({
    text: `@techreport(paren${at}, title = "${guarded(paper.title)} (a report)", institution = {Loom Institute}, year = ${paper.year})`,
    expected: { paper: { title: `${paper.title} (a report)`, venue: 'Loom Institute', year: paper.year } },
  }),
  unquoted: (paper, at) => ({
    text: `@article{unquoted${at},\n  title = {${guarded(paper.title)}},\n  journal = Journal of Looms,\n  year = {${paper.year}}\n}`,
    expected: { rejected: { reason: /not BibTeX: .*of Looms/ } },
  }),
};

const OPENING = `% Encoding: UTF-8
This line is no entry, nor is mail@example.org.
@preamble{"\\newcommand{\\noopsort}[1]{}"}
@string{lint = "Linters"}
@STRING{ proc = {Proceedings of the } # "Lint" }
@string(unused = {x})

`;
const PARENT = `@proceedings{parent, title = {Proc. of the Parents}, editor = {Ada Loom}, year = {1999}}\n`;

/** Whether the TeX above says the paper exactly. */
export function isPlain({ title, abstract, authors, year }: Paper): boolean {
  const texts = [title, abstract, ...authors].join(' ');
  return (
    year !== undefined &&
    authors.length > 0 &&
    !/[\\$~^{}<>"|@]|&\w+;|--|''|``|[\u0300-\u036F]/.test(texts) &&
    !authors.some((name) => /[,;=&]|\band\b|^others$/i.test(name))
  );
}

/** A file as people have it: an entry for each paper, written in one of many ways, one line end or the other. */
export function messyBib(papers: readonly Paper[]): MessyBib {
  const kinds = Object.values(KINDS);
  const expected: (Expected & { readonly line: number })[] = [];
  let text = OPENING;
  papers.forEach((paper, at) => {
    const written = kinds[at % kinds.length]?.(paper, at);
    if (!written) return;
    const before = written.text.slice(0, written.text.search(/^@/m));
    expected.push({ ...written.expected, line: `${text}${before}`.split('\n').length });
    const entry = `${written.text}\n${at % 3 === 0 ? '' : '\n'}`;
    text += at % 5 === 0 ? entry.replaceAll('\n', '\r\n') : entry;
  });
  expected.push({ paper: { title: 'Proc. of the Parents', year: 1999 }, line: text.split('\n').length });
  return { text: text + PARENT, expected };
}
