import fc from 'fast-check';
import { cleanText } from '../../src/collection/text.ts';
import { type PaperRecord, paperOf } from '../../src/collection/record.ts';
import { type Paper, parsePaperId } from '../../src/domain/mod.ts';

/** What formats stumble over: markup, separators and quotes of each of them, scripts, and how names are written. */
const NASTY = [
  ...[
    '\\',
    '{',
    '}',
    '{{',
    '}}',
    '$',
    '$x_1 < y$',
    '$\\{a\\}$',
    '$\\{$',
    '$5',
    '\\$',
    '%',
    '&',
    '&amp;',
    '&lt;b&gt;',
    '#',
  ],
  ...[
    '_',
    '^',
    '~',
    '<',
    '>',
    '<i>',
    '</i>',
    '<b',
    '-->',
    '--',
    '---',
    '-',
    '–',
    "'",
    "''",
    '`',
    '``',
    '"',
    '?`',
    '!`',
  ],
  ...['@', '@article{', '=1+1', '+', '*', '**', '[', ']', '[a](b)', '(', ')', '|', '/', ',', ';', ':', '.', '1.', '# '],
  ...['## ', 'ER  - ', 'TY  - JOUR', ' and ', 'and', 'AND', ' & ', 'others', 'et al.', 'von', 'van der', "d'", 'de la'],
  ...[
    'Jr.',
    'III',
    'Dr.',
    'é',
    'e\u0301',
    'ß',
    'ø',
    'ı',
    'Å',
    'ﬁ',
    '中文',
    '山田太郎',
    '한국어',
    'עברית',
    'العربية',
    'русский',
  ],
  ...[
    '😀',
    '👩‍🔬',
    '\u200F',
    '\u200B',
    '\uFEFF',
    '\u00AD',
    '\\textbf{x}',
    "\\'e",
    '\\"{o}',
    '\\alpha',
    '\\n',
    '\\u0041',
    '\n',
  ],
  ...[
    '\t',
    '\u00A0',
    '\u2028',
    '\u0000',
    '\uD800',
    '＝',
    'BERT',
    'U-Net',
    'iPhone',
    'x',
    'Attention',
    '0',
    '17',
    'https://x.org/a_b',
  ],
  ...[
    '<!-- paperkin {} -->',
    '```',
    '\r\n',
    '""',
    'null',
    'true',
    'C++',
    'C#',
    '$$',
    '$$x$$',
    '\\(x\\)',
    'a$b$c',
    '$ x $',
  ],
];

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  { weight: 2, arbitrary: fc.lorem({ maxCount: 3 }) },
);

export const nastyText = fc
  .array(fc.tuple(piece, fc.constantFrom('', ' ')), { maxLength: 12 })
  .map((pieces) => cleanText(pieces.flat().join('')));
const somethingNasty = nastyText.filter((text) => text !== '');

const name = fc.oneof(
  somethingNasty,
  fc.constantFrom(
    ...['Ada Lovelace', 'Ludwig van Beethoven', 'Martin Luther King Jr.', 'Charles de la Vallée Poussin', 'OpenAI'],
    ...['Smith, John', 'King, Martin Luther, Jr.', 'von der Leyen', 'DeepMind and Friends', 'Research & Development'],
    ...[
      '山田太郎',
      'Nguyễn Văn An',
      'J. R. R. Tolkien',
      'ATLAS Collaboration; CERN',
      'others',
      'and',
      'Jr.',
      'van',
      'İ. Şen',
    ],
    ...[
      "Conan O'Brien",
      'María-José Carreño Quiñones',
      'X Æ A-12',
      'Henry VIII',
      'de Gaulle',
      'Ibn al-Haytham',
      'A.',
      '-',
    ],
  ),
);

const version = fc.integer({ min: 1, max: 12 });
const day = fc
  .date({ min: new Date('1950-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const when = fc.oneof(
  day.map((date) => ({ year: Number(date.slice(0, 4)), date })),
  fc.integer({ min: 1000, max: 2999 }).map((year) => ({ year })),
);

const arxiv = fc.constantFrom('1706.03762', 'hep-th/9901001', '2401.00001', 'math/0309136');
const doi = fc.constantFrom(
  ...['10.1145/3292500', '10.1000/xyz%20a', '10.1000/a{b}', '10.1016/0006-8993(71)90358-1', '10.1002/<1::aid>3.0;2-#'],
  ...['10.1000/a_b', '10.1000/"q"', '10.1000/a;b,c'],
);
const acl = fc.constantFrom('P19-1001', '2020.acl-main.1');
const openreview = fc.constantFrom('05T81ScPFb', 'a_b-C', 'x%y&z');
const pmid = fc.constantFrom('12345678', '7');
const s2 = fc.constantFrom('204e3073870fae3d05bcbc2f6a8e263d9b72e776', '215416146');
const url = fc.constantFrom(
  ...['https://example.org/a_b?c=d&e=%20#top', 'http://example.org/{x}', 'https://arxiv.org/abs/1706.03762v2'],
  ...[
    'https://doi.org/10.1145/3292500',
    'https://openreview.net/forum?id=05T81ScPFb',
    'https://aclanthology.org/P19-1001/',
  ],
  ...['https://example.org/日本', 'https://example.org/a b', 'https://example.org/(a)', 'https://x.org/"q"'],
);
const local = fc
  .oneof(
    fc.constantFrom(
      ...[
        'a/b c',
        'x,y; z',
        '1',
        'cranfield:1',
        'a  b',
        '{id}',
        "'quoted",
        '=1',
        '-->',
        'title:0123',
        'e\u0301',
        'a\u2028b',
      ],
    ),
    somethingNasty.filter((text) => text.length < 500),
  )
  .filter((id) => parsePaperId(id).scheme === 'local');

const ids = fc.record({ arxiv, doi, acl, openreview, pmid, s2, url, local }, { requiredKeys: [] });
const anyId = fc.oneof(
  ...[arxiv, doi, local, url],
  arxiv.map((id) => `arXiv:${id}v3`),
  pmid.map((id) => `PMID:${id}`),
  acl.map((id) => `ACL:${id}`),
  openreview.map((id) => `OpenReview:${id}`),
  s2.map((id) => `S2:${id}`),
);

const labels = fc.uniqueArray(somethingNasty, { maxLength: 4 });
const optional = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(values, { nil: undefined });

const record: fc.Arbitrary<PaperRecord> = fc.record({
  id: optional(anyId),
  ids,
  title: fc.oneof(somethingNasty, fc.constantFrom('Attention Is All You Need', 'On $L^p$-spaces: a BERT for {X}')),
  abstract: fc.oneof(nastyText, fc.lorem({ mode: 'sentences', maxCount: 3 })),
  authors: fc.array(name, { maxLength: 4 }),
  year: optional(fc.integer({ min: 1000, max: 2999 })),
  when: optional(when),
  venue: optional(
    fc.oneof(
      somethingNasty,
      fc.constantFrom(
        'NeurIPS',
        'Nature & Co.',
        'arXiv',
        'CoRR abs/1706.03762',
        'arXiv preprint arXiv:1706.03762',
        'Proc. of X',
      ),
    ),
  ),
  categories: fc.oneof(labels, fc.constantFrom(['cs.CL', 'cs.LG'], ['math.AG'], ['stat.ML', 'physics'])),
  keywords: fc.oneof(labels, fc.constantFrom(['graphs', 'deep learning'], ['a, b', 'c; d'])),
  tldr: optional(somethingNasty),
  url: optional(url),
  comment: optional(fc.oneof(somethingNasty, fc.constantFrom('12 pages, 3 figures', 'withdrawn'))),
  citations: optional(fc.nat()),
  upvotes: optional(fc.nat(1000)),
  version: optional(version),
  versions: optional(
    fc.array(
      fc.tuple(version, optional(day)).map(([number, date]) => (date === undefined ? { number } : { number, date })),
      { maxLength: 3 },
    ),
  ),
  withdrawn: optional(fc.boolean()),
  aliases: optional(fc.array(anyId, { maxLength: 3 })),
});

/** Papers as readers make them, of every field in every combination, with texts that formats stumble over. */
export const nastyPaper: fc.Arbitrary<Paper> = record.map(paperOf);
