import { describe, expect, it } from 'vitest';
import type { Filter, Paper } from '../../../src/domain/mod.ts';
import { get, serve } from './serving.ts';

const paper = (number: number): Paper => ({
  id: `P${number}`,
  ids: { local: `P${number}` },
  title: `Title ${number}`,
  abstract: '',
  authors: ['Ada Lovelace'],
  categories: [],
  keywords: [],
  year: 1843,
});

function* papers(count: number): Generator<Paper> {
  for (let number = 1; number <= count; number += 1) yield paper(number);
}

describe('GET /api/export', () => {
  it('answers with every paper as JSON Lines, to be saved', async () => {
    const { url } = await serve({ papersThrough: () => papers(3) });
    const response = await fetch(`${url}/api/export`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="papers.jsonl"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ id: 'P1' }, { id: 'P2' }, { id: 'P3' }]);
  });

  it('writes the format that is asked for, of the papers that the filter lets through', async () => {
    const filters: Filter[] = [];
    const papersThrough = (filter: Filter): Iterable<Paper> => {
      filters.push(filter);
      return papers(1);
    };
    const { url } = await serve({ papersThrough });
    const { headers, body } = await get(`${url}/api/export?format=ris&filter=year%3E%3D2020&filter=has:abstract`);
    expect(headers.get('content-disposition')).toBe('attachment; filename="papers.ris"');
    expect(body['text']).toMatch(/^TY {2}- .*\nID {2}- P1\nTI {2}- Title 1\n/);
    expect(filters).toEqual([
      {
        clauses: [
          { kind: 'year', from: 2020, to: 9999 },
          { kind: 'has', value: 'abstract' },
        ],
      },
    ]);
  });

  it.each([
    ['format=word', 'INVALID_REQUEST', 'format must be one of jsonl, bibtex, ris, csl-json, csv, markdown'],
    ['format=ris&format=csv', 'INVALID_REQUEST', 'format is given more than once'],
    ['q=x', 'INVALID_REQUEST', 'q is unknown'],
    ['filter=colour:red', 'INVALID_FILTER', 'unknown field "colour"'],
  ])('refuses %s', async (query, code, detail) => {
    const { url } = await serve();
    const { status, body } = await get(`${url}/api/export?${query}`);
    expect(status).toBe(400);
    expect(body['code']).toBe(code);
    expect(body['detail']).toContain(detail);
  });

  it('tells the headers alone to HEAD, without reading a paper', async () => {
    let read = 0;
    function* counting(): Generator<Paper> {
      for (const each of papers(10)) {
        read += 1;
        yield each;
      }
    }
    const { url } = await serve({ papersThrough: counting });
    const { headers } = await get(`${url}/api/export?format=csv`, { method: 'HEAD' });
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(read).toBe(0);
  });

  it('reads no further when the client has left', async () => {
    let read = 0;
    let ended = false;
    function* endless(): Generator<Paper> {
      try {
        for (;;) {
          read += 1;
          yield paper(read);
        }
      } finally {
        ended = true;
      }
    }
    const { url } = await serve({ papersThrough: endless });
    const controller = new AbortController();
    const response = await fetch(`${url}/api/export`, { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await expect.poll(() => ended).toBe(true);
  });

  it('cuts the connection when reading fails half-way, and logs why', async () => {
    function* failing(): Generator<Paper> {
      yield* papers(2000);
      throw new Error('the disk is gone');
    }
    const { url, log } = await serve({ papersThrough: failing });
    const response = await fetch(`${url}/api/export`);
    await expect(response.text()).rejects.toThrow();
    await expect.poll(() => log.join('')).toContain('the disk is gone');
  });
});
