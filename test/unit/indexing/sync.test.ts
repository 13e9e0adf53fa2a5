import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLibrary, syncParts } from '../../../src/app/mod.ts';
import { sourceKindNamed } from '../../../src/collection/mod.ts';
import { loadConfig } from '../../../src/config.ts';
import { planSync, sourceListOf, syncSources, type SyncOptions, type SyncParts } from '../../../src/indexing/mod.ts';
import { lockForWriting, newSource, type SourceState } from '../../../src/store/mod.ts';
import { jumpingClock } from '../../support/clock.ts';
import { asJsonLines, inventPapers } from '../../support/invented.ts';
import { temporaryWorkspace } from '../../support/library.ts';
import { servedPapers, startSourceServer } from '../../support/source-server.ts';

const failsWith = (code: string): unknown => expect.objectContaining({ code });

/** A workspace whose sources all lead to one local server; clocks of both stand on Wednesday, 7 January 2026. */
async function syncing(more: { readonly maxRequestsPerDay?: number } = {}) {
  const server = await startSourceServer();
  const workspace = temporaryWorkspace();
  const { config } = loadConfig({
    workspace,
    model: 'hashing',
    arxivUrl: `${server.url}/oai`,
    biorxivUrl: server.url,
    huggingFaceUrl: server.url,
    zoteroUrl: server.url,
    ...more,
  });
  const clock = jumpingClock('2026-01-07T12:00:00Z');
  const parts: SyncParts = { ...(await syncParts(config)), clock };
  const add = async (kind: string, given: Record<string, unknown>, name = kind): Promise<void> => {
    const settings = { ...sourceKindNamed(kind).settingsOf(given) };
    const source = newSource({ name, kind, settings, allowPrivateNetwork: true });
    await parts.workspace.updateSources((sources) => [...sources, source]);
  };
  const run = async (names: readonly string[] = [], options: Partial<SyncOptions> = {}) => {
    const signal = new AbortController().signal;
    const quiet = { onProgress() {}, onSource() {} };
    server.asked.length = 0;
    return await syncSources(parts, { names, embed: 'all', signal, ...quiet, ...options });
  };
  /** The report of a run of one source. */
  const runOne = async (names: readonly string[] = []) => {
    const { summary } = await run(names);
    const [report] = summary.sources;
    if (!report || summary.sources.length > 1) throw new Error(`${summary.sources.length} sources were synced`);
    return report;
  };
  const held = async (name: string): Promise<SourceState> => {
    await parts.workspace.reload();
    const found = parts.workspace.state.sources.find((source) => source.name === name);
    if (!found) throw new Error(`no source ${name}`);
    return found;
  };
  const counts = async () => {
    const library = await openLibrary(config, { create: false });
    try {
      const { model } = library.workspace.state;
      return library.store.counts(model ? library.store.fingerprintNumber(model.fingerprint, model.name) : 0);
    } finally {
      library.close();
    }
  };
  const paper = async (id: string) => {
    const library = await openLibrary(config, { create: false });
    try {
      const key = library.store.findKey(id);
      return key === undefined ? undefined : library.store.papers([key])[0];
    } finally {
      library.close();
    }
  };
  return { server, workspace, config, clock, parts, add, run, runOne, held, counts, paper };
}

describe('arXiv', () => {
  it('is harvested page by page, set by set, and then from two days before the server’s day on', async () => {
    const { server, add, runOne, counts, paper } = await syncing();
    server.papers = [...servedPapers(250, '2026-01-05'), ...servedPapers(5, '2025-01-01', 9000)];
    server.pageSize = 100;
    await add('arxiv', { categories: 'cs.IR,hep-th' });
    expect(await runOne()).toMatchObject({ added: 250, requests: 4, rejected: [], note: null });
    expect(server.asked[0]).toBe('/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=cs%3Acs%3AIR&from=2025-12-08');
    expect(server.asked[1]).toBe('/oai?verb=ListRecords&resumptionToken=token-1');
    expect(server.asked[3]).toBe('/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=physics%3Ahep-th&from=2025-12-08');
    expect(await counts()).toMatchObject({ papers: 250, embedded: 250 });
    expect(await paper('arXiv:2601.00007')).toMatchObject({
      title: 'On invented matter 7',
      abstract: 'We study invented matter 7 & find that it is < 8.',
      authors: ['Ada Quill7', 'Ben van Dyck'],
      sources: ['arxiv'],
    });
    server.papers.push(...servedPapers(3, '2026-01-07', 500));
    expect(await runOne()).toMatchObject({ added: 3, unchanged: 250, requests: 4 });
    expect(server.asked[0]).toContain('from=2026-01-05');
  });

  it('is asked again for a page that ended early though the connection did not say so', async () => {
    const { server, add, runOne } = await syncing();
    server.papers = servedPapers(2, '2026-01-05');
    server.faults.push({ body: '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRec' });
    await add('arxiv', { categories: 'cs.IR' });
    expect(await runOne()).toMatchObject({ added: 2, requests: 2 });
    server.faults.push(...Array.from({ length: 5 }, () => ({ body: '<OAI-PMH>' })));
    const { error, requests } = await runOne();
    expect(requests).toBe(3);
    expect(error).toMatchObject({ code: 'SOURCE_FAILED', message: expect.stringContaining('no whole XML') });
  });

  it('is not asked for what is older than the day to begin at', async () => {
    const { server, add, runOne } = await syncing();
    server.papers = servedPapers(2, '2026-01-07');
    await add('arxiv', { categories: 'cs.IR', since: '2026-01-07' });
    await runOne();
    await runOne();
    expect(server.asked[0]).toContain('from=2026-01-07');
  });

  it.each(['2026-99-99T00:00:00Z', '0000-00-00', '99999-01-01T00:00:00Z', ''])(
    'that answers at the time "%s" has failed, and nothing else has',
    async (time) => {
      const { server, add, runOne } = await syncing();
      const body = `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>${time}</responseDate><error code="noRecordsMatch"/></OAI-PMH>`;
      server.faults.push({ body });
      await add('arxiv', { categories: 'cs.IR' });
      expect(await runOne()).toMatchObject({ error: { code: 'SOURCE_FAILED' } });
    },
  );

  it('takes categories in any case', () => {
    const kind = sourceKindNamed('arxiv');
    expect(kind.settingsOf({ categories: 'CS.ir, Cond-Mat.MES-HALL q-bio.bm hep-TH' })).toMatchObject({
      categories: ['cond-mat.mes-hall', 'cs.IR', 'hep-th', 'q-bio.BM'],
    });
  });

  it('goes by the server’s clock, however wrong ours is', async () => {
    const { server, clock, add, runOne } = await syncing();
    clock.set('2031-05-05T12:00:00Z');
    server.papers = servedPapers(2, '2026-01-05');
    await add('arxiv', { categories: 'cs.IR', since: '2026-01-01' });
    await runOne();
    server.papers.push(...servedPapers(1, '2026-01-06', 50));
    expect(await runOne()).toMatchObject({ added: 1 });
    expect(server.asked[0]).toContain('from=2026-01-05');
  });

  it('goes on where a page could not be had, and begins its harvest again where the token is forgotten', async () => {
    const { server, add, runOne, counts, clock } = await syncing();
    server.papers = servedPapers(300, '2026-01-05');
    server.pageSize = 100;
    server.faults.push(undefined, ...Array.from({ length: 5 }, () => ({ cut: true }) as const));
    await add('arxiv', { categories: 'cs.IR' });
    expect(await runOne()).toMatchObject({ added: 100, error: { code: 'SOURCE_FAILED' } });
    expect(await counts()).toMatchObject({ papers: 100, embedded: 100 });
    clock.set('2026-01-07T13:00:00Z');
    server.faults.push(undefined, { cut: true });
    expect(await runOne()).toMatchObject({ added: 200, unchanged: 0, requests: 3 });
    expect(server.asked[0]).toContain('resumptionToken=token-1');

    server.papers = [...server.papers, ...servedPapers(300, '2026-01-07', 1000)];
    server.faults.push(undefined, ...Array.from({ length: 5 }, () => ({ status: 500 })));
    expect(await runOne()).toMatchObject({ error: { code: 'SOURCE_FAILED' } });
    server.forgetTokens();
    clock.set('2026-01-07T18:00:00Z');
    expect(await runOne()).toMatchObject({ added: 300, requests: 7 });
    expect(await counts()).toMatchObject({ papers: 600, embedded: 600 });
  });

  it('takes what comes twice once, corrects what has changed, and marks what was deleted', async () => {
    const { server, add, runOne, counts, paper } = await syncing();
    const [first, second, third] = servedPapers(3, '2026-01-05');
    if (!first || !second || !third) throw new Error('three papers');
    server.papers = [first, second, second, third, first];
    server.pageSize = 2;
    await add('arxiv', { categories: 'cs.IR' });
    expect(await runOne()).toMatchObject({ added: 3, unchanged: 2 });
    server.papers = [{ ...first, title: 'On corrected matter' }, { ...second, deleted: true }, third];
    expect(await runOne()).toMatchObject({ added: 0, updated: 2 });
    expect(await counts()).toMatchObject({ papers: 3 });
    expect(await paper('arXiv:2601.00001')).toMatchObject({ title: 'On corrected matter', withdrawn: false });
    expect(await paper('arXiv:2601.00002')).toMatchObject({ title: 'On invented matter 2', withdrawn: true });
  });

  it('says why there is nothing', async () => {
    const { clock, add, runOne } = await syncing();
    await add('arxiv', { categories: 'cs.IR' });
    expect(await runOne()).toMatchObject({ added: 0, note: 'arXiv has announced nothing since' });
    clock.set('2026-01-10T12:00:00Z');
    expect(await runOne()).toMatchObject({ added: 0, note: 'arXiv announces nothing at weekends' });
  });

  it('reads a page of 30 MB', async () => {
    const { server, add, runOne } = await syncing();
    const long = 'invented words '.repeat(2000);
    server.papers = servedPapers(1000, '2026-01-05').map((paper) => ({
      ...paper,
      abstract: `${paper.abstract} ${long}`,
    }));
    server.gzip = true;
    await add('arxiv', { categories: 'cs.IR' });
    expect(await runOne()).toMatchObject({ added: 1000, requests: 1 });
  });

  it.each([
    ['cs.IR', 'cs:cs:IR'],
    ['cs', 'cs'],
    ['math.AG', 'math:math:AG'],
    ['astro-ph.GA', 'physics:astro-ph:GA'],
    ['physics.optics', 'physics:physics:optics'],
    ['quant-ph', 'physics:quant-ph'],
    ['q-bio.BM', 'q-bio:q-bio:BM'],
  ])('has the category %s in the set %s', async (category, set) => {
    const { server, add, runOne } = await syncing();
    await add('arxiv', { categories: category });
    await runOne();
    expect(new URL(server.asked[0] ?? '', server.url).searchParams.get('set')).toBe(set);
  });

  it('refuses categories that there are not, before anything is fetched', async () => {
    const { add } = await syncing();
    for (const categories of ['', 'xx.YY', 'cs.IR.more', 'cs.I R,zz']) {
      await expect(add('arxiv', { categories })).rejects.toEqual(failsWith('USAGE'));
    }
    await expect(add('arxiv', { categories: 'cs.IR', since: 'yesterday' })).rejects.toEqual(failsWith('USAGE'));
    await expect(add('arxiv', { categories: 'cs.IR', set: 'x' })).rejects.toEqual(failsWith('USAGE'));
  });
});

describe('any repository of OAI-PMH', () => {
  it('is harvested as Dublin Core, from its beginning', async () => {
    const { server, add, runOne, paper } = await syncing();
    server.papers = servedPapers(30, '2001-01-05');
    server.pageSize = 20;
    await add('oai', { url: `${server.url}/oai` });
    expect(await runOne()).toMatchObject({ added: 30, requests: 2 });
    expect(server.asked[0]).toBe('/oai?verb=ListRecords&metadataPrefix=oai_dc');
    expect(await runOne()).toMatchObject({
      added: 0,
      requests: 1,
      note: 'the repository has no changes since the last time',
    });
    expect(await paper('https://example.org/papers/2601.00001')).toMatchObject({ title: 'On invented matter 1' });
  });

  it('fails with the repository’s own words, or where it is none', async () => {
    const { server, add, runOne } = await syncing();
    await add('oai', { url: `${server.url}/oai` });
    server.faults.push({ body: '<html><body>Sorry</body></html>' });
    expect(await runOne()).toMatchObject({ error: { code: 'SOURCE_FAILED' } });
    server.faults.push({
      body: '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-07T00:00:00Z</responseDate><error code="badArgument">no such set</error></OAI-PMH>',
    });
    const message = expect.stringContaining('badArgument: no such set');
    expect(await runOne(['oai'])).toMatchObject({ error: { code: 'SOURCE_FAILED', message } });
  });
});

describe('bioRxiv', () => {
  it('is fetched by windows of days, page by page, and goes on inside a window', async () => {
    const { server, clock, add, runOne, counts } = await syncing();
    server.papers = servedPapers(250, '2026-01-05');
    server.pageSize = 100;
    server.faults.push(undefined, undefined, { status: 404 });
    await add('biorxiv', {});
    expect(await runOne()).toMatchObject({ added: 200, error: { code: 'SOURCE_FAILED' } });
    clock.set('2026-01-07T23:00:00Z');
    expect(await runOne()).toMatchObject({ added: 50, unchanged: 0, requests: 1 });
    expect(server.asked).toEqual(['/details/biorxiv/2025-12-08/2026-01-07/200']);
    clock.set('2026-01-08T12:00:00Z');
    server.now = new Date('2026-01-08T12:00:00Z');
    server.papers.push(...servedPapers(1, '2026-01-07', 700));
    expect(await runOne()).toMatchObject({ added: 1, unchanged: 250, requests: 3 });
    expect(server.asked[0]).toBe('/details/biorxiv/2026-01-05/2026-01-08/0');
    expect(await counts()).toMatchObject({ papers: 251 });
  });

  it('keeps only the categories that are wanted', async () => {
    const { server, add, runOne } = await syncing();
    server.papers = servedPapers(3, '2026-01-05');
    await add('biorxiv', { server: 'medrxiv', categories: 'cell_biology' }, 'cells');
    await add('biorxiv', { server: 'medrxiv', categories: 'zoology' }, 'animals');
    expect(await runOne(['animals'])).toMatchObject({
      added: 0,
      rejected: [],
      note: 'medRxiv has posted nothing of these categories since',
    });
    expect(await runOne(['cells'])).toMatchObject({ added: 3 });
  });
});

describe('Hugging Face', () => {
  it('is fetched day by day, and the last days again for their upvotes', async () => {
    const { server, add, runOne, paper, held } = await syncing();
    server.papers = [...servedPapers(150, '2026-01-05'), ...servedPapers(2, '2026-01-07', 900)];
    await add('huggingface', {});
    expect(await runOne()).toMatchObject({ added: 152, requests: 9 });
    expect(server.asked[0]).toBe('/api/daily_papers?date=2025-12-31&limit=100&p=0');
    expect(await held('huggingface')).toMatchObject({ cursor: { day: '2026-01-04', page: 0 } });
    server.papers = server.papers.map((paper) => ({ ...paper, upvotes: 7 }));
    expect(await runOne()).toMatchObject({ updated: 152, requests: 5 });
    expect(await paper('arXiv:2601.00001')).toMatchObject({ upvotes: 7 });
  });

  it('ends where the server says that a day is not there yet', async () => {
    const { server, clock, add, runOne } = await syncing();
    clock.set('2026-01-08T00:30:00Z');
    await add('huggingface', { since: '2026-01-07' });
    server.papers = servedPapers(1, '2026-01-07');
    expect(await runOne()).toMatchObject({ added: 1, requests: 1 });
  });
});

describe('a feed', () => {
  it('is not sent again as long as it has not changed', async () => {
    const { server, add, runOne } = await syncing();
    server.papers = servedPapers(5, '2026-01-05');
    await add('rss', { url: `${server.url}/feed.xml` });
    expect(await runOne()).toMatchObject({ added: 5, requests: 1 });
    expect(await runOne()).toMatchObject({ added: 0, unchanged: 0, requests: 1, note: 'the feed has not changed' });
    server.papers.push(...servedPapers(1, '2026-01-06', 40));
    expect(await runOne()).toMatchObject({ added: 1, unchanged: 5 });
  });

  it('that is none is a failure, told with its address', async () => {
    const { server, add, runOne } = await syncing();
    await add('rss', { url: `${server.url}/feed.xml` });
    server.faults.push({ body: '<html><body>Please log in</body></html>' });
    const { error } = await runOne();
    expect(error?.message).toMatch(/\/feed\.xml: the answer is no feed, nor any other list of papers$/);
  });
});

describe('Zotero', () => {
  it('gives what has changed since the last time', async () => {
    const { server, add, runOne, held } = await syncing();
    server.papers = servedPapers(130, '2026-01-05');
    await add('zotero', {});
    expect(await runOne()).toMatchObject({ added: 130, requests: 2 });
    expect(await held('zotero')).toMatchObject({ cursor: { version: 130, modified: '2026-01-05T00:02:09Z' } });
    server.papers.push(...servedPapers(2, '2026-01-06', 300));
    expect(await runOne()).toMatchObject({ added: 2, requests: 2 });
    expect(await runOne()).toMatchObject({ added: 0, requests: 1, note: 'nothing in Zotero has changed' });
  });

  it('gives what it has never synced, and what a sync of its own brought in from long ago', async () => {
    const { server, add, runOne } = await syncing();
    server.papers = servedPapers(150, '2026-01-05');
    server.unsynced = 150;
    await add('zotero', {});
    expect(await runOne()).toMatchObject({ added: 150, requests: 2 });
    server.papers.push(...servedPapers(1, '2026-01-06', 300));
    server.unsynced = 151;
    expect(await runOne()).toMatchObject({ added: 1, requests: 1 });
    server.papers.push(...servedPapers(1, '2019-01-01', 400));
    server.unsynced = 0;
    expect(await runOne()).toMatchObject({ added: 1, requests: 3 });
  });

  it('with an entry changed in a time to come goes on giving what is changed now', async () => {
    const { server, add, runOne } = await syncing();
    server.papers = [...servedPapers(1, '2099-01-01', 900), ...servedPapers(1, '2026-01-05')];
    server.unsynced = 2;
    await add('zotero', {});
    await runOne();
    server.papers.push(...servedPapers(1, '2026-01-06', 300));
    server.unsynced = 3;
    expect(await runOne()).toMatchObject({ added: 1 });
  });

  it('that lets nobody in says what to switch on', async () => {
    const { server, add, runOne } = await syncing();
    await add('zotero', {});
    server.faults.push({ status: 403 });
    expect(await runOne()).toMatchObject({ error: { message: expect.stringContaining('advanced settings') } });
  });

  it('that is not running is a failure', async () => {
    const { server, add, runOne } = await syncing();
    await add('zotero', {});
    await server.close();
    expect(await runOne()).toMatchObject({ error: { code: 'SOURCE_FAILED' } });
  });
});

describe('a folder', () => {
  it('is read file by file, and again only what has changed', async () => {
    const { workspace, add, runOne, held } = await syncing();
    const folder = join(workspace, 'papers');
    mkdirSync(join(folder, 'deep'), { recursive: true });
    writeFileSync(join(folder, 'a.jsonl'), asJsonLines(inventPapers(3, 1)));
    writeFileSync(join(folder, 'deep', 'b.jsonl'), asJsonLines(inventPapers(2, 2)));
    writeFileSync(join(folder, 'none.bin'), 'this is no list of papers');
    await add('folder', { path: folder });
    const first = await runOne();
    expect(first).toMatchObject({ added: 5, requests: 0 });
    expect(first.rejected).toMatchObject([{ file: join(folder, 'none.bin') }]);
    expect(await runOne()).toMatchObject({ added: 0, unchanged: 0, rejected: [], note: 'no file has changed' });
    writeFileSync(join(folder, 'a.jsonl'), asJsonLines(inventPapers(4, 1)));
    utimesSync(join(folder, 'a.jsonl'), 1, 1);
    rmSync(join(folder, 'deep'), { recursive: true });
    expect(await runOne()).toMatchObject({ added: 1, unchanged: 3, rejected: [] });
    expect(Object.keys(Object(Object((await held('folder')).cursor)['files']))).toEqual(['none.bin', 'a.jsonl']);
  });

  it('that is gone is a failure, and forgets nothing', async () => {
    const { workspace, add, runOne, held } = await syncing();
    const folder = join(workspace, 'papers');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.jsonl'), asJsonLines(inventPapers(3, 1)));
    await add('folder', { path: folder });
    await runOne();
    const { cursor } = await held('folder');
    rmSync(folder, { recursive: true });
    expect(await runOne()).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
    expect((await held('folder')).cursor).toEqual(cursor);
  });
});

describe('a source that fails', () => {
  it('keeps no other from being synced, and rests for longer and longer until it is late', async () => {
    const { server, parts, clock, add, run, held } = await syncing();
    server.papers = servedPapers(2, '2026-01-05');
    await add('rss', { url: `${server.url}/nothing` }, 'gone');
    await add('rss', { url: `${server.url}/feed.xml` }, 'good');
    const { summary } = await run();
    expect(summary.sources).toMatchObject([
      { name: 'gone', added: 0, error: { code: 'SOURCE_FAILED' } },
      { name: 'good', added: 2 },
    ]);
    expect(await held('gone')).toMatchObject({ failures: 1, nextTry: '2026-01-07T12:15:00.000Z' });
    expect((await run()).summary.sources.map(({ name }) => name)).toEqual(['good']);
    clock.set('2026-01-07T12:16:00Z');
    await run();
    expect(await held('gone')).toMatchObject({ failures: 2, nextTry: '2026-01-07T12:46:00.000Z' });
    await run(['gone']);
    const [gone] = await sourceListOf(parts.workspace).list();
    expect(gone).toMatchObject({ late: true, failures: 3, reason: expect.stringContaining('404') });
    await parts.workspace.updateSource('gone', { settings: { url: `${server.url}/feed.xml` } });
    await run(['gone']);
    expect(await held('gone')).toMatchObject({ failures: 0, reason: null, nextTry: null });
  });

  it('is left alone for as long as its server asks, also when it is named', async () => {
    const { server, clock, add, runOne, run, held } = await syncing();
    server.papers = servedPapers(2, '2026-01-05');
    await add('rss', { url: `${server.url}/feed.xml` });
    server.faults.push({ status: 503, retryAfter: '7200' });
    expect(await runOne()).toMatchObject({ error: { code: 'SOURCE_WAITS' } });
    expect(await held('rss')).toMatchObject({ failures: 1, notBefore: '2026-01-07T14:00:00.000Z' });
    clock.set('2026-01-07T13:00:00Z');
    expect((await run()).summary.sources).toEqual([]);
    expect(await runOne(['rss'])).toMatchObject({ requests: 0, error: { code: 'SOURCE_WAITS' } });
    expect(await held('rss')).toMatchObject({ failures: 1 });
    clock.set('2026-01-07T14:00:01Z');
    expect(await runOne()).toMatchObject({ added: 2 });
  });

  it('is not one that has made all requests of its day: it goes on the next day where it stopped', async () => {
    const { server, clock, add, runOne, held, run } = await syncing({ maxRequestsPerDay: 2 });
    server.papers = servedPapers(300, '2026-01-05');
    server.pageSize = 100;
    await add('arxiv', { categories: 'cs.IR' });
    const report = await runOne();
    expect(report).toMatchObject({ added: 200, requests: 2, note: expect.stringContaining('used up') });
    expect(report.error).toBeUndefined();
    expect(await held('arxiv')).toMatchObject({ failures: 0, requestsToday: { day: '2026-01-07', requests: 2 } });
    expect((await run()).summary.sources).toEqual([]);
    clock.set('2026-01-08T00:00:01Z');
    expect(await runOne()).toMatchObject({ added: 100, unchanged: 0, requests: 1 });
  });
});

describe('which sources are synced', () => {
  it('paused ones are not, unless they are named', async () => {
    const { server, parts, add, run } = await syncing();
    await add('rss', { url: `${server.url}/feed.xml` });
    await parts.workspace.updateSource('rss', { paused: true });
    expect((await run()).summary.sources).toEqual([]);
    expect((await run(['rss'])).summary.sources).toHaveLength(1);
    await expect(run(['nosuch'])).rejects.toEqual(failsWith('SOURCE_NOT_FOUND'));
  });

  it('a kind of a newer program is passed over, told of, and kept as it is', async () => {
    const { workspace, parts, add, runOne, run, server } = await syncing();
    await add('rss', { url: `${server.url}/feed.xml` });
    const file = join(workspace, 'workspace.json');
    const state: { sources: object[] } = JSON.parse(readFileSync(file, 'utf8'));
    const newer = {
      name: 'newer',
      kind: 'telepathy',
      settings: { mind: 'Ada' },
      cursor: [1, { two: 3 }],
      mood: 'good',
    };
    writeFileSync(file, JSON.stringify({ ...state, sources: [newer] }));
    expect(await runOne()).toMatchObject({ name: 'newer', note: expect.stringContaining('telepathy') });
    await parts.workspace.updateSources((sources) => [...sources]);
    const kept: { sources: object[] } = JSON.parse(readFileSync(file, 'utf8'));
    expect(kept.sources[0]).toMatchObject(newer);
    expect((await run()).summary.sources).toHaveLength(1);
  });

  it('stops between batches when it is told to, and goes on from there', async () => {
    const { server, add, run, runOne, counts } = await syncing();
    server.papers = servedPapers(300, '2026-01-05');
    server.pageSize = 100;
    await add('arxiv', { categories: 'cs.IR' });
    const stop = new AbortController();
    const poll = setInterval(() => server.asked.length >= 2 && stop.abort(), 1);
    const { interrupted } = await run([], { signal: stop.signal });
    clearInterval(poll);
    expect(interrupted).toBe(true);
    const before = await counts();
    expect(before.papers).toBeLessThan(300);
    await runOne();
    expect(await counts()).toMatchObject({ papers: 300, embedded: 300 });
  });
});

describe('a day of 1,000 new papers', () => {
  it.each([
    ['arxiv', { categories: 'cs.IR' }, 1000, 1],
    ['oai', { url: 'URL/oai' }, 1000, 1],
    ['biorxiv', {}, 100, 10],
    // Ten full pages, one that shows their end, and the days before it.
    ['huggingface', {}, 100, 15],
    ['rss', { url: 'URL/feed.xml' }, 1000, 1],
    ['zotero', {}, 100, 10],
  ] as const)('of %s takes few requests', async (kind, given, pageSize, requests) => {
    const { server, clock, add, runOne } = await syncing();
    const settings = Object.entries(given).map(([name, value]) => [name, value.replace('URL', server.url)]);
    await add(kind, Object.fromEntries(settings));
    await runOne();
    clock.set('2026-01-08T12:00:00Z');
    server.now = new Date('2026-01-08T12:00:00Z');
    server.papers = servedPapers(1000, '2026-01-08');
    server.pageSize = pageSize;
    expect(await runOne()).toMatchObject({ added: 1000, requests });
  });
});

describe('a dry run', () => {
  it('says what would be asked, and how much there is where one request tells', async () => {
    const { server, workspace, parts, add, held } = await syncing();
    server.papers = servedPapers(130, '2026-01-05');
    const folder = join(workspace, 'papers');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.jsonl'), asJsonLines(inventPapers(3, 1)));
    await add('arxiv', { categories: 'cs.IR,cs.CL' });
    await add('biorxiv', {});
    await add('zotero', {});
    await add('folder', { path: folder });
    const plans = await planSync(parts, { names: [], signal: new AbortController().signal });
    expect(plans).toMatchObject([
      { name: 'arxiv', requests: [expect.stringContaining('set=cs%3Acs%3ACL'), expect.stringContaining('cs%3AIR')] },
      { name: 'biorxiv', papers: 130 },
      { name: 'zotero', papers: 130 },
      { name: 'folder', requests: [join(folder, 'a.jsonl')] },
    ]);
    expect(server.asked).toHaveLength(2);
    expect((await held('biorxiv')).cursor).toBeUndefined();
    expect((await held('arxiv')).lastRun).toBeNull();
  });
});

describe('a source', () => {
  it('whose settings are of another program is shown with the others, and fails alone', async () => {
    const { server, parts, add, run } = await syncing();
    server.papers = servedPapers(2, '2026-01-05');
    const settings = { categories: ['cs.IR'], since: null, deep: true };
    const newer = newSource({ name: 'newer', kind: 'arxiv', settings, allowPrivateNetwork: false });
    await parts.workspace.updateSources(() => [newer]);
    await add('rss', { url: `${server.url}/feed.xml` });
    const about = expect.stringContaining('takes no deep');
    expect(await sourceListOf(parts.workspace).list()).toMatchObject([{ name: 'newer', about }, { name: 'rss' }]);
    const { summary } = await run();
    expect(summary.sources).toMatchObject([
      { name: 'newer', error: { code: 'USAGE' } },
      { name: 'rss', added: 2 },
    ]);
  });

  it('that is named again on a day whose requests are used up has not failed', async () => {
    const { server, add, runOne } = await syncing({ maxRequestsPerDay: 1 });
    server.papers = servedPapers(200, '2026-01-05');
    server.pageSize = 100;
    await add('arxiv', { categories: 'cs.IR' });
    await runOne();
    const report = await runOne(['arxiv']);
    expect(report).toMatchObject({ requests: 0, note: expect.stringContaining('used up') });
    expect(report.error).toBeUndefined();
  });

  it('is left at once by whoever interrupts the waiting for another program that writes', async () => {
    const { server, workspace, add, run, held } = await syncing();
    server.papers = servedPapers(2, '2026-01-05');
    await add('arxiv', { categories: 'cs.IR' });
    const lock = lockForWriting(workspace);
    const stop = new AbortController();
    const poll = setInterval(() => server.asked.length > 0 && stop.abort(), 1);
    expect(await run([], { signal: stop.signal })).toMatchObject({ interrupted: true });
    clearInterval(poll);
    lock.release();
    expect((await held('arxiv')).cursor).toBeUndefined();
    expect((await run()).summary.sources).toMatchObject([{ added: 2 }]);
  });

  it('of bioRxiv takes categories with blanks in their names', () => {
    const kind = sourceKindNamed('biorxiv');
    expect(kind.settingsOf({ categories: 'Cell biology, cancer_biology' })).toMatchObject({
      categories: ['cell biology', 'cancer biology'],
    });
  });
});
