import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hitIds, lastJson, run, temporaryFolder } from '../support/cli.ts';
import { writeCrossEncoder } from '../support/cross-encoder.ts';
import { asJsonLines, inventPapers } from '../support/invented.ts';
import { type RunningServer, serve } from '../support/server.ts';

const SOUGHT = {
  id: 'sought:1',
  title: 'Life at the water',
  abstract: 'Otters that live there hunt in rivers and lakes, at dusk, and by ear more than by eye.',
};
/** Has the stems of the query again and again, so it comes first by words, but not the words themselves. */
const LOUD = {
  id: 'loud:1',
  title: 'Otter hunting, river hunting',
  abstract: 'An otter that is hunting in a river: hunting otter of the river.',
};
const QUERY = 'otters that hunt in rivers';

interface SearchBody {
  readonly hits?: readonly { readonly paper: { readonly id: string }; readonly explanation?: object }[];
  readonly code?: string;
}

let folder: ReturnType<typeof temporaryFolder>;
let workspace: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = temporaryFolder();
  workspace = join(folder.path, 'index');
  const path = join(folder.path, 'papers.jsonl');
  writeFileSync(path, asJsonLines([...inventPapers(20), SOUGHT, LOUD]));
  expect((await run(['import', path, '--model', 'hashing', '--workspace', workspace])).code).toBe(0);
  const model = join(folder.path, 'overlap');
  await writeCrossEncoder(model);
  env = { PAPERKIN_RERANK_MODEL: model };
}, 60_000);
afterAll(() => folder.remove());

const search = (args: readonly string[], settings: Record<string, string>) =>
  run(['search', ...QUERY.split(' '), '--workspace', workspace, '--json', ...args], { env: settings });

describe('paperkin search --rerank', () => {
  it('puts first what the configured cross-encoder likes best, and explains it', async () => {
    const finished = await search(['--rerank', '--explain', '--mode', 'lexical'], env);
    expect(finished.code).toBe(0);
    expect(hitIds(await search(['--mode', 'lexical'], env))[0]).toBe(LOUD.id);
    expect(hitIds(finished)[0]).toBe(SOUGHT.id);
    const rerank = { rank: 1, score: expect.closeTo(0.982, 3) };
    expect(lastJson(finished)).toMatchObject({
      degraded: [],
      hits: expect.arrayContaining([
        expect.objectContaining({ rank: 1, explanation: expect.objectContaining({ rerank }) }),
      ]),
    });
    const shown = await run(['search', QUERY, '--workspace', workspace, '--rerank', '--explain'], { env });
    expect(shown.stdout).toContain('rerank: rank 1, score 0.982');
  }, 60_000);

  it('is refused where none is configured', async () => {
    const finished = await search(['--rerank'], {});
    expect(finished.code).toBe(2);
    expect(lastJson(finished)).toMatchObject({ error: { code: 'NO_RERANKER' } });
  }, 60_000);

  it('says what is wrong with a model that cannot rerank; other searches do not mind it', async () => {
    const embeddings = { PAPERKIN_RERANK_MODEL: 'paperkin-minilm' };
    const refused = await search(['--rerank'], embeddings);
    expect(refused.code).toBe(5);
    const message: unknown = expect.stringContaining('a model of embeddings and not a cross-encoder');
    expect(lastJson(refused)).toMatchObject({ error: { code: 'MODEL_NOT_FOUND', message } });
    expect((await search([], embeddings)).code).toBe(0);
  }, 60_000);

  it('takes no more hits than its queue holds', async () => {
    const finished = await search(['--rerank'], { ...env, PAPERKIN_RERANK_DEPTH: '201' });
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain('at most 200 hits are reranked');
  }, 60_000);
});

describe('a server', () => {
  const asked = async ({ url }: RunningServer, parameters: string) => {
    const response = await fetch(`${url}/api/search?q=${encodeURIComponent(QUERY)}&${parameters}`);
    const body: SearchBody = JSON.parse(await response.text());
    return { response, body };
  };

  it('reranks the searches that ask for it', async () => {
    const server = await serve(['--workspace', workspace, '--quiet'], env);
    const plain = await asked(server, 'explain=true');
    expect(plain.body.hits?.[0]?.explanation).not.toHaveProperty('rerank');
    expect(plain.response.headers.get('server-timing')).toContain('rerank;dur=0.00');
    const { response, body } = await asked(server, 'explain=true&rerank=true');
    expect(body.hits?.[0]).toMatchObject({ paper: { id: SOUGHT.id }, explanation: { rerank: { rank: 1 } } });
    expect(response.headers.get('server-timing')).toMatch(/rerank;dur=\d/);
    expect(await server.stop()).toBe(0);
  }, 60_000);

  it('refuses them where no cross-encoder is configured', async () => {
    const server = await serve(['--workspace', workspace, '--quiet']);
    const { response, body } = await asked(server, 'rerank=true');
    expect(response.status).toBe(400);
    expect(body.code).toBe('NO_RERANKER');
    expect((await asked(server, 'rerank=false')).response.status).toBe(200);
    await server.stop();
  }, 60_000);
});
