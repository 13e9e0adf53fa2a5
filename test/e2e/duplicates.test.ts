import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastJson, run, temporaryFolder } from '../support/cli.ts';

const ABSTRACT =
  'We measure how tides move sand along a coast over forty years and find that storms, not tides, decide where it goes.';

const RECORDS = {
  preprint: { id: 'arXiv:2001.00001', title: 'Sand, Tides and Storms', abstract: ABSTRACT, authors: ['Ada Holm'] },
  // Another author list and a shorter title: the merging by title does not see that it is the same.
  journal: { doi: '10.5555/sand.1', title: 'Sand, tides, and storms.', abstract: ABSTRACT, authors: ['Bo Lind'] },
  other: {
    id: 'arXiv:2001.00002',
    title: 'Counting Birds by Radio',
    abstract: 'Birds that carry radios are counted from afar.',
    authors: ['Ada Holm'],
  },
};

interface Listed {
  readonly a: { readonly id: string };
  readonly b: { readonly id: string };
  readonly cosine: number | null;
  readonly title: number;
}

async function library() {
  const { path: folder } = temporaryFolder();
  const flags = ['--workspace', join(folder, 'index'), '--model', 'hashing', '--json'];
  const paperkin = async (...args: string[]) => {
    const finished = await run([...args, ...flags]);
    return { ...finished, json: lastJson(finished) };
  };
  const file = (name: string, ...records: object[]): string => {
    const path = join(folder, name);
    writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    return path;
  };
  const listed = async (): Promise<readonly Listed[]> => {
    const { pairs = [] }: { readonly pairs?: readonly Listed[] } = (await paperkin('duplicates')).json;
    return pairs;
  };
  const pairs = async (): Promise<string[]> => (await listed()).map(({ a, b }) => [a.id, b.id].toSorted().join(' = '));
  await paperkin('import', file('preprints.jsonl', RECORDS.preprint, RECORDS.other));
  await paperkin('import', file('journals.jsonl', RECORDS.journal));
  return { paperkin, listed, pairs, file };
}

describe('paperkin duplicates', () => {
  it('lists papers with one text and title that were not merged, and no others', async () => {
    const { listed, pairs } = await library();
    expect(await pairs()).toEqual(['DOI:10.5555/sand.1 = arXiv:2001.00001']);
    const [pair] = await listed();
    expect(pair?.cosine).toBeGreaterThan(0.9);
    expect(pair?.title).toBe(1);
  });

  it('makes two papers one, found by either id, and does not ask again', async () => {
    const { paperkin, pairs, file } = await library();
    expect((await paperkin('duplicates', 'merge', '10.5555/sand.1', '2001.00001')).code).toBe(0);
    const merged = (await paperkin('show', '10.5555/sand.1')).json;
    expect(merged).toMatchObject({
      id: 'arXiv:2001.00001',
      ids: { arxiv: '2001.00001', doi: '10.5555/sand.1' },
      sources: ['journals', 'preprints'],
    });
    expect(await pairs()).toEqual([]);
    await paperkin('import', file('journals.jsonl', { ...RECORDS.journal, venue: 'Journal of Sand' }));
    expect((await paperkin('show', '2001.00001')).json).toMatchObject({ venue: 'Journal of Sand' });
    expect((await paperkin('stats')).json).toMatchObject({ papers: 2, embedded: 2 });
  });

  it('keeps two papers apart and does not ask again, also after they are read anew', async () => {
    const { paperkin, pairs, file } = await library();
    expect((await paperkin('duplicates', 'part', '10.5555/sand.1', '2001.00001')).code).toBe(0);
    expect(await pairs()).toEqual([]);
    await paperkin('import', file('journals.jsonl', { ...RECORDS.journal, authors: ['Ada Holm'] }));
    expect(await pairs()).toEqual([]);
    expect((await paperkin('stats')).json).toMatchObject({ papers: 3 });
  });

  it('parts again what was merged', async () => {
    const { paperkin } = await library();
    await paperkin('duplicates', 'merge', '10.5555/sand.1', '2001.00001');
    expect((await paperkin('stats')).json).toMatchObject({ papers: 2 });
    await paperkin('duplicates', 'part', '10.5555/sand.1', '2001.00001');
    expect((await paperkin('stats')).json).toMatchObject({ papers: 3, embedded: 3 });
    expect((await paperkin('show', '10.5555/sand.1')).json).toMatchObject({ id: 'DOI:10.5555/sand.1' });
  });

  it('says what is wrong with what it is given', async () => {
    const { paperkin } = await library();
    expect((await paperkin('duplicates', 'merge', '2001.00001')).code).toBe(2);
    expect((await paperkin('duplicates', 'join', '2001.00001')).code).toBe(2);
    expect((await paperkin('duplicates', 'merge', '2001.00001', '1999.99999')).code).toBe(4);
    expect((await paperkin('duplicates', 'part', '2001.00001', 'arXiv:2001.00001v2')).code).toBe(2);
  });
});
