import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Filter,
  type FilterClause,
  HAS_VALUES,
  type HasValue,
  type Paper,
  parseFilter,
  parsePaperId,
} from '../../../src/domain/mod.ts';
import { FilterCache } from '../../../src/engine/embedded/filter.ts';
import type { Store } from '../../../src/store/mod.ts';
import { openStore, paper, temporaryWorkspace } from '../../support/library.ts';

const PAPERS: readonly Paper[] = [
  paper({
    id: 'full',
    also: ['10.1234/full', 'arXiv:2101.00001'],
    authors: ['Ada B. Lovelace', 'José Ñandú'],
    year: 2020,
    venue: 'Moth Letters',
    categories: ['cs.CL', 'stat.ML'],
    keywords: ['owls'],
    tldr: 'Short.',
    url: 'https://example.org/full',
  }),
  paper({ id: 'bare', abstract: '', authors: [] }),
  paper({
    id: 'old',
    authors: ['Ada Lovelace'],
    year: 1843,
    venue: '100% _pure_ "Letters" *',
    categories: ['math'],
    withdrawn: true,
  }),
  paper({ id: 'near', authors: ['Lovelace Ada'], year: 2021, venue: 'arXiv', categories: ['csx.CL', 'cs'] }),
  paper({ id: 'two', authors: ['Ada Stone', 'Mary Lovelace'], year: 2019, venue: 'ARXIV', categories: ['CS.ir'] }),
  paper({ id: 'cjk', authors: ['山田 太郎', 'OR Near'], categories: ['math.GT', 'c_.x'] }),
];
// `full` and `old` come from a, the others from b; `old` from both.
const sourcesOf = (id: string): string[] => (id === 'full' ? ['a'] : id === 'old' ? ['a', 'b'] : ['b']);

function filled(): { store: Store; cache: FilterCache; workspace: string } {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  const fingerprint = store.fingerprintNumber('f', 'model');
  for (const each of PAPERS) store.ingest(sourcesOf(each.id).map((source) => ({ source, paper: each })));
  const embedded = store
    .pending(fingerprint, 0, 100)
    .filter(({ title }) => title.endsWith(' full') || title.endsWith(' two'));
  store.putEmbeddings(
    fingerprint,
    embedded.map(({ textHash }) => ({ textHash, vector: Float32Array.of(1) })),
  );
  const db = new Database(join(workspace, 'papers.db'), { readonly: true });
  onTestFinished(() => void db.close());
  return { store, cache: new FilterCache(db, fingerprint), workspace };
}

function passing({ store, cache }: ReturnType<typeof filled>, filter: Filter): string[] {
  const allowed = cache.allowed(filter);
  const keys = allowed?.keys ?? [];
  // The bitmap says the same as the list.
  const marked = [...(allowed?.bitmap ?? [])].flatMap((bit, key) => (bit === 1 ? [key] : []));
  expect(marked).toEqual([...keys]);
  return keys.map((key) => store.paper(key)?.id ?? '?');
}

describe('each field', () => {
  it.each([
    ['year:2020', ['full']],
    ['year>=2019 year<2021', ['full', 'two']],
    ['year:0..9999', ['full', 'old', 'near', 'two']],
    ['category:cs.CL', ['full']],
    ['category:CS.cl', ['full']],
    ['category:cs', ['full', 'near', 'two']],
    ['category:math', ['old', 'cjk']],
    ['category:math.GT', ['cjk']],
    ['category:c_', ['cjk']],
    ['category:cs.CL category:math', ['full', 'old', 'cjk']],
    ['category:c', []],
    ['category:%', []],
    ['category:cs.', []],
    ['venue:arxiv', ['near', 'two']],
    ['venue:"Moth Letters"', ['full']],
    ['venue:moth', []],
    ['venue:"100% _pure_ \\"Letters\\" *"', ['old']],
    ['venue:arxiv venue:"moth letters"', ['full', 'near', 'two']],
    ['source:a', ['full', 'old']],
    ['source:B', ['bare', 'old', 'near', 'two', 'cjk']],
    ['source:a source:b', PAPERS.map(({ id }) => id)],
    ['source:c', []],
    ['id:full', ['full']],
    ['id:https://doi.org/10.1234/FULL', ['full']],
    ['id:2101.00001v3 id:old id:none', ['full', 'old']],
    ['author:lovelace', ['full', 'old', 'near', 'two']],
    // Whichever way round the record writes it, and whoever asks.
    ['author:"Ada Lovelace"', ['old', 'near']],
    ['author:"Lovelace, Ada"', ['old', 'near']],
    ['author:"Lovelace Ada"', ['old', 'near']],
    ['author:"LOVELACE, ADA B."', ['full']],
    ['author:"lovelace,"', ['full', 'old', 'near', 'two']],
    // A first name from one author and a last name from another are nobody's name.
    ['author:"Stone Mary"', []],
    ['author:nandu', ['full']],
    ['author:"NANDU, Jose"', ['full']],
    ['author:"José Ñandú"', ['full']],
    ['author:山田', ['cjk']],
    ['author:"OR Near"', ['cjk']],
    ['author:OR', ['cjk']],
    ['author:"---"', []],
    ['author:"," author:nandu', ['full']],
    ['author:Love*', []],
    ['has:abstract', ['full', 'old', 'near', 'two', 'cjk']],
    ['has:embedding', ['full', 'two']],
    ['has:doi', ['full']],
    ['has:arxiv', ['full']],
    ['has:url', ['full']],
    ['has:venue', ['full', 'old', 'near', 'two']],
    ['has:authors', ['full', 'old', 'near', 'two', 'cjk']],
    ['has:year', ['full', 'old', 'near', 'two']],
    ['has:keywords', ['full']],
    ['has:tldr', ['full']],
    ['has:withdrawn', ['old']],
  ])('%s', (expression, expected) => {
    const library = filled();
    expect(passing(library, parseFilter(expression))).toEqual(expected);
    // Each exclusion alone lets through exactly the others, those that lack the field among them.
    for (const clause of parseFilter(expression).clauses) {
      const included = passing(library, { clauses: [clause] });
      const others = PAPERS.map(({ id }) => id).filter((id) => !included.includes(id));
      expect(passing(library, { clauses: [negated(clause)] })).toEqual(others);
    }
  });

  it('no clause at all lets everything through', () => {
    expect(filled().cache.allowed({ clauses: [] })).toBeUndefined();
  });
});

function negated(clause: FilterClause): FilterClause {
  return clause.kind === 'not' ? clause.clause : { kind: 'not', clause };
}

/** What a clause means, told in plain code. */
function passes({ id, ...told }: Paper, clause: FilterClause): boolean {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  switch (clause.kind) {
    case 'not':
      return !passes({ id, ...told }, clause.clause);
    case 'year':
      return told.year !== undefined && told.year >= clause.from && told.year <= clause.to;
    case 'venue':
      return clause.values.some((value) => same(value, told.venue ?? ''));
    case 'source':
      return clause.values.some((value) => sourcesOf(id).some((source) => same(source, value)));
    case 'category':
      return clause.values.some((value) =>
        told.categories.some(
          (category) => same(category, value) || category.toLowerCase().startsWith(`${value.toLowerCase()}.`),
        ),
      );
    case 'has':
      return has({ id, ...told }, clause.value);
    case 'id':
      return clause.values.map(parsePaperId).some(({ scheme, value }) => told.ids[scheme] === value);
    case 'text':
    case 'title':
      return `${told.title} ${clause.kind === 'text' ? told.abstract : ''}`.split(/\W+/).includes(clause.value);
    case 'author':
      break;
  }
  return clause.values.some((value) => told.authors.some((author) => author.includes(value)));
}

function has(told: Paper, value: HasValue): boolean {
  switch (value) {
    case 'embedding':
      return ['full', 'two'].includes(told.id);
    case 'doi':
    case 'arxiv':
      return told.ids[value] !== undefined;
    case 'abstract':
      return told.abstract !== '';
    case 'authors':
    case 'keywords':
      return told[value].length > 0;
    case 'url':
    case 'venue':
    case 'year':
    case 'tldr':
    case 'withdrawn':
      break;
  }
  return told[value] !== undefined;
}

const simple = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1840, max: 2022 }), fc.integer({ min: 0, max: 180 }))
    .map(([from, more]) => ({ kind: 'year' as const, from, to: from + more })),
  fc.record({
    kind: fc.constant('venue' as const),
    values: fc.subarray(['arXiv', 'moth letters', 'none', '100% _pure_ "Letters" *'], { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant('source' as const), values: fc.subarray(['a', 'B', 'c'], { minLength: 1 }) }),
  fc.record({
    kind: fc.constant('category' as const),
    values: fc.subarray(['cs', 'math', 'stat.ML', 'c', 'c_', '%'], { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('author' as const),
    values: fc.subarray(['Lovelace', 'Ada', 'Stone', 'Nobody'], { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('id' as const),
    values: fc.subarray(['full', 'doi:10.1234/full', 'arXiv:2101.00001v2', 'cjk', 'nobody'], { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant('has' as const), value: fc.constantFrom(...HAS_VALUES) }),
  fc.record({
    kind: fc.constantFrom('text' as const, 'title' as const),
    value: fc.constantFrom('full', 'old', 'cjk', 'matter', 'What', 'nothing'),
  }),
);
const clause: fc.Arbitrary<FilterClause> = fc.oneof(
  simple,
  simple.map((inner) => ({ kind: 'not' as const, clause: inner })),
);

it('any combination of clauses lets through what each of them does', () => {
  const library = filled();
  fc.assert(
    fc.property(fc.array(clause, { minLength: 1, maxLength: 5 }), (clauses) => {
      const expected = PAPERS.filter((told) => clauses.every((each) => passes(told, each))).map(({ id }) => id);
      expect(passing(library, { clauses })).toEqual(expected);
    }),
    { numRuns: 800 },
  );
});

describe('hostile values', () => {
  const signs = ['"', '""', "'", `'; DROP TABLE papers; --`, '%', '_', '*', '\\', '\\%', '^a', '{a b}', '(', ')', ':'];
  const operators = ['OR', 'AND', 'NOT', 'NEAR', 'NEAR(a b, 2)', 'a OR b', 'a NOT b', 'authors:a', 'a*', '"a" OR "b'];
  const blanks = ['+', '-', ',', ', ,', '.', '\u0000', 'a\u0000b', '\ud800', '\u0301', '🧪', '語', '\u202e', ' ', '\n'];
  const long = ['x', 'word ', '%', '"', 'é', ' OR '].map((text) => text.repeat(60_000));
  const hostile = [signs, operators, blanks, long].flat();

  it.each(['category', 'venue', 'author', 'source', 'id'] as const)('in %s never throw', (kind) => {
    const library = filled();
    for (const value of hostile) {
      for (const values of [[value], [value, 'Lovelace'], [value, value]]) {
        const found = passing(library, { clauses: [{ kind, values }] });
        expect(passing(library, { clauses: [{ kind: 'not', clause: { kind, values } }] })).toHaveLength(
          PAPERS.length - found.length,
        );
      }
    }
    expect(library.store.counts(0).papers).toBe(PAPERS.length);
  });

  it.each(['text', 'title'] as const)('in %s never throw', (kind) => {
    const library = filled();
    for (const value of hostile.map((each) => each.slice(0, 500))) {
      const found = passing(library, { clauses: [{ kind, value }] });
      expect(passing(library, { clauses: [{ kind: 'not', clause: { kind, value } }] })).toHaveLength(
        PAPERS.length - found.length,
      );
    }
  });

  it('nor does any text at all', () => {
    const library = filled();
    const value = fc.string({
      unit: fc.constantFrom(
        '"',
        "'",
        '*',
        '(',
        ')',
        ' OR ',
        ' NEAR ',
        '%',
        '\\',
        'Ada',
        ' ',
        ',',
        '-',
        'é',
        ':',
        '^',
        '{',
        '}',
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom('category' as const, 'venue' as const, 'author' as const, 'source' as const),
        fc.array(value, { maxLength: 3 }),
        (kind, values) => {
          expect(() => passing(library, { clauses: [{ kind, values }] })).not.toThrow();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('nor do thousands of values or clauses', () => {
    const library = filled();
    const values = Array.from({ length: 5000 }, (_, i) => `value ${i}`);
    for (const kind of ['category', 'venue', 'author', 'source'] as const) {
      expect(passing(library, { clauses: [{ kind, values: [...values, 'nothing'] }] })).toEqual([]);
    }
    const excluding = values
      .slice(0, 2500)
      .map((value) => ({ kind: 'not' as const, clause: { kind: 'venue' as const, values: [value] } }));
    expect(passing(library, { clauses: excluding })).toHaveLength(PAPERS.length);
    const longest = parseFilter('has:year '.repeat(1100));
    expect(passing(library, longest)).toEqual(['full', 'old', 'near', 'two']);
  });

  it('no values at all let nothing through', () => {
    const library = filled();
    for (const kind of ['category', 'venue', 'author', 'source'] as const) {
      expect(passing(library, { clauses: [{ kind, values: [] }] })).toEqual([]);
      expect(passing(library, { clauses: [{ kind: 'not', clause: { kind, values: [] } }] })).toHaveLength(
        PAPERS.length,
      );
    }
  });
});

describe('words', () => {
  const TITLES = [
    'Programming in C++ and C#',
    'Programming in C',
    'The letter C, plus one more',
    'On GPT-4 and GPT-3.5',
    'On GPT4',
    'On GPT 3 and 4 others',
    'Pre-training of transformers',
    'Pretraining a transformer',
    'Training before the transformer',
    'A σ-algebra of owls',
    'A $\\sigma$-algebra of moths',
    'A sigma-algebra: moths of owls',
    'Graphs, networks: neural',
    'Graph neural networks',
    'A neural network of graphs',
    'Errors that are i.i.d.',
    'Owls to get her home together',
    'Together with owls',
    "Bayes' owl and BERT's moth",
    'Search by A* and RRT*',
    'A note on A and RRT',
    '图神经网络的研究',
    '神经图网络 with BERT',
    'Erdős–Rényi graphs, in H2O',
    'NEAR misses OR hits',
  ];
  const said = (expression: string): string[] => {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    store.ingest(
      TITLES.map((title, i) => ({ source: 'a', paper: paper({ id: `t${i}`, title, abstract: 'Voles fear owls.' }) })),
    );
    const db = new Database(join(workspace, 'papers.db'), { readonly: true });
    onTestFinished(() => void db.close());
    const keys = new FilterCache(db, 0).allowed(parseFilter(expression))?.keys ?? [];
    return keys.map((key) => store.paper(key)?.title ?? '');
  };

  it.each([
    ['title:C++', ['Programming in C++ and C#']],
    ['title:"programming in c++"', ['Programming in C++ and C#']],
    ['title:C#', ['Programming in C++ and C#']],
    ['title:"programming in c"', ['Programming in C++ and C#', 'Programming in C']],
    ['title:GPT-4', ['On GPT-4 and GPT-3.5', 'On GPT4']],
    ['title:gpt4', ['On GPT-4 and GPT-3.5', 'On GPT4']],
    ['title:"on gpt4"', ['On GPT-4 and GPT-3.5', 'On GPT4']],
    ['title:pretraining', ['Pre-training of transformers', 'Pretraining a transformer']],
    ['title:pre-training', ['Pre-training of transformers', 'Pretraining a transformer']],
    ['title:σ-algebra', TITLES.slice(9, 12)],
    ['title:sigma-algebra', TITLES.slice(9, 12)],
    ['title:"algebra of owls"', ['A σ-algebra of owls']],
    ['title:"graph neural network"', ['Graph neural networks']],
    ['title:"neural network"', ['Graph neural networks', 'A neural network of graphs']],
    ['title:network title:graph', TITLES.slice(12, 15)],
    ['title:iid', ['Errors that are i.i.d.']],
    ['title:i.i.d.', ['Errors that are i.i.d.']],
    ['title:together', ['Owls to get her home together', 'Together with owls']],
    ['title:BERT', ["Bayes' owl and BERT's moth", '神经图网络 with BERT']],
    ['title:"BERT\'s moth"', ["Bayes' owl and BERT's moth"]],
    ['title:A*', ['Search by A* and RRT*']],
    ['title:神经网络', ['图神经网络的研究']],
    ['title:图', ['图神经网络的研究', '神经图网络 with BERT']],
    ['title:erdos-renyi', ['Erdős–Rényi graphs, in H2O']],
    ['title:h2o', ['Erdős–Rényi graphs, in H2O']],
    ['title:"NEAR misses OR"', ['NEAR misses OR hits']],
    ['title:"near OR"', []],
    ['title:voles', []],
    ['title:"++"', []],
    ['text:"fear owls"', TITLES],
    ['text:"owls fear"', []],
    // Not from the end of a title into the abstract.
    ['text:"hits voles"', []],
    ['-text:vole', []],
    ['-title:C++ title:programming', ['Programming in C']],
  ])('%s', (expression, expected) => {
    expect(said(expression)).toEqual(expected);
  });
});

describe('the cache', () => {
  it('gives the very same set as long as nothing is written', () => {
    const { cache } = filled();
    const first = cache.allowed(parseFilter('year>2000'));
    expect(cache.allowed(parseFilter('year>2000'))).toBe(first);
    expect(cache.allowed(parseFilter('year>2001'))).not.toBe(first);
  });

  it('is dropped when another connection writes', () => {
    const library = filled();
    const filter = parseFilter('year:2020');
    expect(passing(library, filter)).toEqual(['full']);
    library.store.ingest([{ source: 'c', paper: paper({ id: 'new', title: 'New', authors: [], year: 2020 }) }]);
    expect(passing(library, filter)).toEqual(['full', 'new']);
    expect(passing(library, parseFilter('source:c'))).toEqual(['new']);
  });

  it('forgets the filter asked for longest ago when it is full', () => {
    const { cache } = filled();
    const first = cache.allowed(parseFilter('year:1000'));
    for (let year = 1001; year < 1020; year += 1) cache.allowed(parseFilter(`year:${year}`));
    expect(cache.allowed(parseFilter('year:1000'))).not.toBe(first);
  });
});
