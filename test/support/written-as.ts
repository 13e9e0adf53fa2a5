import type { Paper } from '../../src/domain/mod.ts';

/** Papers as other programs and services write them: what is between a file's `opening` and `closing` is one text a paper. */
export interface Layout {
  readonly ending: string;
  readonly opening: string;
  readonly between: string;
  readonly closing: string;
  readonly written: (paper: Paper, at: number) => string;
}

export const xml = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

const dayOf = ({ date, year }: Paper): string => date ?? `${year ?? 2020}-01-02`;
const rfc822 = (paper: Paper): string => new Date(`${dayOf(paper)}T12:00:00Z`).toUTCString();
const arxivId = ({ ids }: Paper, at: number): string => ids.arxiv ?? `2001.${String(at % 100_000).padStart(5, '0')}`;
const doiOf = ({ ids }: Paper, at: number): string => ids.doi ?? `10.5555/invented.${at}`;
const words = (name: string): string[] => name.split(' ');
const family = (name: string): string => words(name).at(-1) ?? name;
const given = (name: string): string => words(name).slice(0, -1).join(' ');

function jsonLines(written: (paper: Paper, at: number) => unknown): Layout {
  return {
    ending: 'jsonl',
    opening: '',
    between: '\n',
    closing: '\n',
    written: (paper, at) => JSON.stringify(written(paper, at)),
  };
}

function jsonList(
  written: (paper: Paper, at: number) => unknown,
  opening: string = '[\n',
  closing: string = '\n]\n',
): Layout {
  return {
    ending: 'json',
    opening,
    between: ',\n',
    closing,
    written: (paper, at) => JSON.stringify(written(paper, at)),
  };
}

const invertedIndex = (abstract: string): Readonly<Record<string, number[]>> => {
  const index = new Map<string, number[]>();
  abstract.split(' ').forEach((word, at) => {
    const positions = index.get(word);
    if (positions) positions.push(at);
    else index.set(word, [at]);
  });
  return Object.fromEntries(index);
};

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

const arxivRaw = (paper: Paper, at: number): string => `<record>
<header><identifier>oai:arXiv.org:${arxivId(paper, at)}</identifier><datestamp>${dayOf(paper)}</datestamp><setSpec>cs</setSpec></header>
<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
<id>${arxivId(paper, at)}</id><submitter>A. Person</submitter>
<version version="v1"><date>${rfc822(paper)}</date><size>52kb</size><source_type>D</source_type></version>
<title>${xml(paper.title)}</title>
<authors>${xml(paper.authors.join(', '))}</authors>
<categories>${xml(paper.categories.join(' '))}</categories>
<abstract>  ${xml(paper.abstract)}
</abstract></arXivRaw></metadata>
</record>`;

const OAI_OPENING = `${XML}<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2024-05-06T07:08:09Z</responseDate><request verb="ListRecords">http://example.org/oai</request>
<ListRecords>
`;

export const LAYOUTS = {
  kaggle: jsonLines((paper, at) => ({
    id: arxivId(paper, at),
    submitter: 'A. Person',
    authors: paper.authors.join(', '),
    title: paper.title,
    comments: paper.comment ?? null,
    'journal-ref': null,
    doi: null,
    'report-no': null,
    categories: paper.categories.join(' '),
    license: null,
    abstract: `  ${paper.abstract.replace(/(.{60,80}) /g, '$1\n')}\n`,
    versions: [{ version: 'v1', created: rfc822(paper) }],
    update_date: dayOf(paper),
    authors_parsed: paper.authors.map((name) => [family(name), given(name), '']),
  })),
  beir: jsonLines(({ id, title, abstract, year, authors }) => ({
    _id: id,
    title,
    text: abstract,
    metadata: { year, authors },
  })),
  'semantic-scholar': jsonLines((paper, at) => ({
    paperId: at.toString(16).padStart(40, '0'),
    corpusId: at + 1,
    externalIds: { ArXiv: arxivId(paper, at), CorpusId: at + 1 },
    title: paper.title,
    abstract: paper.abstract,
    year: paper.year ?? null,
    publicationDate: dayOf(paper),
    venue: paper.venue ?? '',
    authors: paper.authors.map((name, author) => ({ authorId: String(author), name })),
    fieldsOfStudy: ['Computer Science'],
    citationCount: 3,
    tldr: null,
  })),
  openalex: jsonLines((paper, at) => ({
    id: `https://openalex.org/W${at + 1}`,
    doi: `https://doi.org/${doiOf(paper, at)}`,
    title: paper.title,
    abstract_inverted_index: invertedIndex(paper.abstract),
    publication_date: dayOf(paper),
    primary_location: { source: { display_name: paper.venue ?? 'A Journal' } },
    authorships: paper.authors.map((name) => ({ author: { display_name: name } })),
    topics: [],
    cited_by_count: 3,
  })),
  biorxiv: jsonList(
    (paper, at) => ({
      title: paper.title,
      authors: paper.authors.map((name) => `${family(name)}, ${given(name)}`).join('; '),
      doi: doiOf(paper, at),
      date: dayOf(paper),
      version: '1',
      type: 'new results',
      category: 'neuroscience',
      abstract: paper.abstract,
      server: 'bioRxiv',
    }),
    '{"messages":[{"status":"ok","cursor":0,"count":50000,"total":"50000"}],"collection":[\n',
    '\n]}\n',
  ),
  huggingface: jsonList((paper, at) => ({
    paper: {
      id: arxivId(paper, at),
      title: paper.title,
      summary: paper.abstract,
      authors: paper.authors.map((name) => ({ name, hidden: false })),
      publishedAt: `${dayOf(paper)}T12:00:00.000Z`,
      upvotes: 7,
    },
    title: paper.title,
    publishedAt: `${dayOf(paper)}T12:00:00.000Z`,
    numComments: 1,
  })),
  zotero: jsonList((paper, at) => ({
    key: at.toString(36).toUpperCase().padStart(8, 'A'),
    version: at,
    data: {
      key: at.toString(36).toUpperCase().padStart(8, 'A'),
      itemType: 'journalArticle',
      title: paper.title,
      creators: paper.authors.map((name) => ({
        creatorType: 'author',
        firstName: given(name),
        lastName: family(name),
      })),
      abstractNote: paper.abstract,
      date: dayOf(paper),
      DOI: doiOf(paper, at),
      publicationTitle: paper.venue ?? '',
      tags: [],
    },
  })),
  'arxiv-atom': {
    ending: 'xml',
    opening: `${XML}<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">
<title>arXiv Query: search_query=cat:cs.IR</title><id>http://arxiv.org/api/invented</id><updated>2024-05-06T00:00:00Z</updated>
<opensearch:totalResults>50000</opensearch:totalResults>
`,
    between: '\n',
    closing: '\n</feed>\n',
    written: (paper, at) => `<entry>
<id>http://arxiv.org/abs/${arxivId(paper, at)}v1</id><updated>${dayOf(paper)}T12:00:00Z</updated><published>${dayOf(paper)}T12:00:00Z</published>
<title>${xml(paper.title)}</title><summary>${xml(paper.abstract)}</summary>
${paper.authors.map((name) => `<author><name>${xml(name)}</name></author>`).join('\n')}
<arxiv:primary_category term="cs.IR"/><category term="cs.IR" scheme="http://arxiv.org/schemas/atom"/>
<link href="http://arxiv.org/abs/${arxivId(paper, at)}v1" rel="alternate" type="text/html"/>
</entry>`,
  },
  oai: {
    ending: 'xml',
    opening: OAI_OPENING,
    between: '\n',
    closing: '\n</ListRecords></OAI-PMH>\n',
    written: arxivRaw,
  },
  feed: {
    ending: 'xml',
    opening: `${XML}<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>cs.IR updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.IR</link><description>cs.IR</description>
`,
    between: '\n',
    closing: '\n</channel></rss>\n',
    written: (
      paper,
      at,
    ) => `<item><title>${xml(paper.title)}</title><link>https://arxiv.org/abs/${arxivId(paper, at)}</link>
<description>arXiv:${arxivId(paper, at)}v1 Announce Type: new
Abstract: ${xml(paper.abstract)}</description>
<guid isPermaLink="false">oai:arXiv.org:${arxivId(paper, at)}v1</guid><category>cs.IR</category><pubDate>${rfc822(paper)}</pubDate>
<arxiv:announce_type>new</arxiv:announce_type><dc:creator>${xml(paper.authors.join(', '))}</dc:creator></item>`,
  },
  pubmed: {
    ending: 'xml',
    opening: `${XML}<PubmedArticleSet>\n`,
    between: '\n',
    closing: '\n</PubmedArticleSet>\n',
    written: (paper, at) => `<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">${at + 1}</PMID>
<Article PubModel="Print"><Journal><Title>A Journal</Title><JournalIssue><PubDate><Year>${paper.year ?? 2020}</Year></PubDate></JournalIssue></Journal>
<ArticleTitle>${xml(paper.title)}</ArticleTitle><Abstract><AbstractText>${xml(paper.abstract)}</AbstractText></Abstract>
<AuthorList>${paper.authors.map((name) => `<Author><LastName>${xml(family(name))}</LastName><ForeName>${xml(given(name))}</ForeName></Author>`).join('\n')}</AuthorList>
</Article></MedlineCitation></PubmedArticle>`,
  },
  listing: {
    ending: 'txt',
    opening: '',
    between: '\n\n',
    closing: '\n',
    written: ({ title, abstract }) => `${title}\n\n${abstract}`,
  },
} as const satisfies Readonly<Record<string, Layout>>;
