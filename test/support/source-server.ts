import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** A paper as every protocol here serves it. */
export interface ServedPaper {
  readonly id: string;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  /** When it last changed, `YYYY-MM-DD`. */
  readonly day: string;
  readonly deleted?: boolean;
  readonly upvotes?: number;
}

/** What goes wrong with one request. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: string }
  /** The connection ends in the middle of the body. */
  | { readonly cut: true }
  | { readonly redirectTo: string }
  | { readonly body: string | Buffer; readonly headers?: Readonly<Record<string, string>> }
  | { readonly hang: true };

export interface SourceServer {
  readonly url: string;
  /** Served from now on; may be changed. */
  papers: ServedPaper[];
  /** The server's clock. */
  now: Date;
  pageSize: number;
  gzip: boolean;
  /** How many of the last papers Zotero has not synced with its own server yet. */
  unsynced: number;
  /** Told with each next request, in order; `undefined` lets one through. */
  readonly faults: Array<Fault | undefined>;
  /** Tokens given before are unknown from now on. */
  forgetTokens(): void;
  /** What was asked, in order, as path and query. */
  readonly asked: string[];
  readonly headers: IncomingMessage['headers'][];
  readonly agents: string[];
  /** Requests that were under way at the same time, at most. */
  readonly mostAtOnce: () => number;
  close(): Promise<void>;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** `count` invented papers that changed on one day; each has a number of its own in its arXiv id. */
export function servedPapers(count: number, day: string, from = 1): ServedPaper[] {
  return Array.from({ length: count }, (_, i) => {
    const number = String(from + i).padStart(5, '0');
    return {
      id: `2601.${number}`,
      title: `On invented matter ${from + i}`,
      abstract: `We study invented matter ${from + i} & find that it is < ${from + i + 1}.`,
      authors: [`Ada Quill${from + i}`, 'Ben van Dyck'],
      categories: ['cs.IR'],
      day,
    };
  });
}

const DATE = 'Mon, 5 Jan 2026 12:00:00 GMT';

function rawRecord({ id, title, abstract, authors, categories, day, deleted }: ServedPaper): string {
  const header = `<identifier>oai:arXiv.org:${id}</identifier><datestamp>${day}</datestamp><setSpec>cs:cs:IR</setSpec>`;
  if (deleted) return `<record><header status="deleted">${header}</header></record>`;
  return `<record><header>${header}</header><metadata>
 <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>${id}</id><submitter>A</submitter>
 <version version="v1"><date>${DATE}</date><size>12kb</size><source_type>D</source_type></version>
 <title>${escaped(title)}</title><authors>${escaped(authors.join(', '))}</authors>
 <categories>${categories.join(' ')}</categories><abstract>  ${escaped(abstract)}
 </abstract></arXivRaw></metadata></record>`;
}

function dublinRecord({ id, title, abstract, authors, day, deleted }: ServedPaper): string {
  const header = `<identifier>oai:example.org:${id}</identifier><datestamp>${day}T00:00:00Z</datestamp>`;
  if (deleted) return `<record><header status="deleted">${header}</header></record>`;
  const creators = authors.map((name) => `<dc:creator>${escaped(name)}</dc:creator>`).join('');
  return `<record><header>${header}</header><metadata>
 <oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <dc:title>${escaped(title)}</dc:title>${creators}<dc:description>${escaped(abstract)}</dc:description><dc:date>${day}</dc:date>
 <dc:identifier>https://example.org/papers/${id}</dc:identifier></oai_dc:dc></metadata></record>`;
}

/** Takes what closes a server once nothing needs it any more. */
type WhenDone = (close: () => Promise<void>) => void;

/** A real HTTP server that plays arXiv and other OAI-PMH, bioRxiv, Hugging Face, feeds and Zotero; gone with the test. */
export async function startSourceServer(whenDone: WhenDone = onTestFinished): Promise<SourceServer> {
  let tokens = new Map<string, { rest: readonly ServedPaper[]; prefix: string }>();
  let tokensMade = 0;
  let open = 0;
  let most = 0;
  const day = (): string => served.now.toISOString().slice(0, 10);

  function oai(query: URLSearchParams): string {
    const envelope = (content: string): string =>
      `<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>${served.now.toISOString().slice(0, 19)}Z</responseDate><request verb="ListRecords">${served.url}/oai</request>\n${content}</OAI-PMH>`;
    const token = query.get('resumptionToken');
    const held = token === null ? undefined : tokens.get(token);
    if (token !== null && !held) return envelope('<error code="badResumptionToken">it is unknown or expired</error>');
    const prefix = held?.prefix ?? query.get('metadataPrefix') ?? '';
    const [from, set] = [query.get('from') ?? '', query.get('set')];
    const category = set?.split(':').slice(1).join('.') ?? '';
    const found =
      held?.rest ??
      served.papers.filter(
        (paper) => paper.day >= from && paper.day <= day() && (set === null || paper.categories.includes(category)),
      );
    if (found.length === 0) return envelope('<error code="noRecordsMatch">nothing in that time</error>');
    const page = found.slice(0, served.pageSize);
    const rest = found.slice(served.pageSize);
    tokensMade += 1;
    const name = `token-${tokensMade}`;
    if (rest.length > 0) tokens.set(name, { rest, prefix });
    const records = page.map(prefix === 'arXivRaw' ? rawRecord : dublinRecord).join('\n');
    const resumption =
      rest.length > 0 || held ? `<resumptionToken>${rest.length > 0 ? name : ''}</resumptionToken>` : '';
    return envelope(`<ListRecords>${records}${resumption}</ListRecords>`);
  }

  function biorxiv(path: string): string {
    const [, , server = '', from = '', to = '', offset = '0'] = path.split('/');
    const found = served.papers.filter((paper) => paper.day >= from && paper.day <= to && paper.day <= day());
    const page = found.slice(Number(offset), Number(offset) + served.pageSize);
    if (page.length === 0) return JSON.stringify({ messages: [{ status: 'no posts found' }], collection: [] });
    const collection = page.map((paper) => ({
      doi: `10.1101/${paper.id}`,
      title: paper.title,
      authors: paper.authors.map((name) => name.split(' ').reverse().join(', ')).join('; '),
      abstract: paper.abstract,
      date: paper.day,
      version: '1',
      category: 'cell biology',
      server,
    }));
    const message = { status: 'ok', interval: `${from}:${to}`, cursor: Number(offset), count: page.length };
    return JSON.stringify({ messages: [{ ...message, total: String(found.length) }], collection });
  }

  function dailyPapers(query: URLSearchParams): string {
    const [limit, page] = [Number(query.get('limit')), Number(query.get('p'))];
    const found = served.papers.filter((paper) => paper.day === query.get('date'));
    const listed = found
      .slice(page * limit, (page + 1) * limit)
      .map(({ id, title, abstract, authors, upvotes = 1, ...paper }) => ({
        paper: {
          id,
          title,
          summary: abstract,
          authors: authors.map((name) => ({ name, hidden: false })),
          publishedAt: `${paper.day}T00:00:00.000Z`,
          upvotes,
        },
        title,
        publishedAt: `${paper.day}T00:00:00.000Z`,
        numComments: 0,
      }));
    return JSON.stringify(listed);
  }

  function feed(): string {
    const entries = served.papers.map(
      ({ id, title, abstract, authors }) =>
        `<item><title>${escaped(title)}</title><link>https://arxiv.org/abs/${id}</link><description>arXiv:${id}v1 Announce Type: new \nAbstract: ${escaped(abstract)}</description><guid isPermaLink="false">oai:arXiv.org:${id}v1</guid><category>cs.IR</category><dc:creator>${escaped(authors.join(', '))}</dc:creator></item>`,
    );
    return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"><channel><title>cs.IR</title><link>http://example.org</link><description>new</description>${entries.join('\n')}</channel></rss>`;
  }

  /**
   * A library whose version is the number of its synced papers, each one a second later than the one before. As Zotero
   * does it: what is not synced has the version 0, and `since` wants a greater one.
   */
  function zotero(query: URLSearchParams): { body: string; headers: Record<string, string> } {
    const synced = served.papers.length - served.unsynced;
    const since = query.get('since');
    const [start, limit] = [Number(query.get('start')), Number(query.get('limit'))];
    const all = served.papers
      .map(({ id, title, abstract, authors, ...paper }, i) => ({
        key: `KEY${id.slice(-5)}`,
        version: i < synced ? i + 1 : 0,
        data: {
          key: `KEY${id.slice(-5)}`,
          itemType: 'journalArticle',
          title,
          abstractNote: abstract,
          creators: authors.map((name) => {
            const [firstName = '', ...last] = name.split(' ');
            return { creatorType: 'author', firstName, lastName: last.join(' ') };
          }),
          date: paper.day,
          DOI: `10.5555/${id}`,
          dateModified: new Date(Date.parse(paper.day) + i * 1000).toISOString().replace('.000', ''),
        },
      }))
      .filter(({ version }) => since === null || version > Number(since))
      .sort((a, b) => (a.data.dateModified < b.data.dateModified ? 1 : -1));
    const headers = { 'last-modified-version': String(synced), 'total-results': String(all.length) };
    return { body: JSON.stringify(all.slice(start, start + limit)), headers };
  }

  function answer(request: IncomingMessage): {
    status?: number;
    body: string | Buffer;
    headers?: Record<string, string>;
  } {
    const url = new URL(request.url ?? '/', served.url);
    const path = url.pathname;
    if (path === '/oai') return { body: oai(url.searchParams), headers: { 'content-type': 'text/xml' } };
    if (path.startsWith('/details/')) return { body: biorxiv(path) };
    if (path === '/api/daily_papers') {
      return (url.searchParams.get('date') ?? '') > day()
        ? { status: 400, body: '{}' }
        : { body: dailyPapers(url.searchParams) };
    }
    if (path === '/feed.xml') {
      const etag = `"${served.papers.length}"`;
      if (request.headers['if-none-match'] === etag) return { status: 304, body: '', headers: { etag } };
      return { body: feed(), headers: { etag } };
    }
    if (/^\/api\/(?:users|groups)\/\d+\/items$/.test(path)) return zotero(url.searchParams);
    return { status: 404, body: 'nothing here' };
  }

  function respond(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
    response.setHeader('date', served.now.toUTCString());
    if (fault && 'hang' in fault) return;
    if (fault && 'status' in fault) {
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
      response.writeHead(fault.status).end('not now');
      return;
    }
    if (fault && 'redirectTo' in fault) {
      response.writeHead(302, { location: fault.redirectTo }).end();
      return;
    }
    const {
      status = 200,
      body: text,
      headers = {},
    } = fault && 'body' in fault ? { ...fault, status: 200 } : answer(request);
    const plain = Buffer.from(text);
    const zipped = served.gzip && headers['content-encoding'] === undefined && status === 200;
    const body = zipped ? gzipSync(plain) : plain;
    response.writeHead(status, {
      ...headers,
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      'content-length': String(body.length),
    });
    if (fault && 'cut' in fault) response.write(body.subarray(0, body.length / 2), () => response.destroy());
    else response.end(body);
  }

  const server = createServer((request, response) => {
    served.asked.push(request.url ?? '');
    served.headers.push(request.headers);
    served.agents.push(request.headers['user-agent'] ?? '');
    open += 1;
    most = Math.max(most, open);
    response.on('close', () => (open -= 1));
    respond(request, response, served.faults.shift());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const served: SourceServer = {
    url: `http://127.0.0.1:${port}`,
    papers: [],
    now: new Date('2026-01-07T12:00:00Z'),
    pageSize: 1000,
    gzip: false,
    unsynced: 0,
    faults: [],
    forgetTokens: () => void (tokens = new Map()),
    asked: [],
    headers: [],
    agents: [],
    mostAtOnce: () => most,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  whenDone(() => served.close());
  return served;
}
