import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { openCorpus, withWriting } from '../../src/app/mod.ts';
import { loadConfig } from '../../src/config.ts';
import { DEFAULT_MODEL, describeFingerprint } from '../../src/encoder/mod.ts';
import { createHashingEncoder } from '../../src/encoder/hashing.ts';
import { corpusBeside, readReaders } from '../../src/evaluation/mod.ts';
import { embedPending } from '../../src/indexing/mod.ts';
import { rankForProfile, trainProfile } from '../../src/recommend/mod.ts';
import { People, Store } from '../../src/store/mod.ts';
import { lastJson, run } from '../support/cli.ts';
import { evaluationSet } from '../support/judged.ts';
import { serve } from '../support/server.ts';
import { needShared, WHOLE, workspaceOf } from './collections.ts';
import { median, print, quantile, say } from './machine.ts';

const READERS = join(evaluationSet('papers20k'), 'readers.jsonl.gz');
const READERS_MEASURED = 100;
/** Persons of the large library, each with so many saved papers: those of a category, so that they are about something. */
const PERSONS = 10;
const SAVED = 50;
const CATEGORIES = ['cs.CL', 'cs.CV', 'cs.LG', 'cs.RO', 'stat.ML', 'cs.CR', 'cs.IR', 'cs.SE', 'cs.HC', 'eess.IV'];
const ROUNDS = 20;
const WARM_UP = 2;
const ITEMS = 20;

const { signal } = new AbortController();
const nothing = (): void => undefined;

/** Profiles of readers, and the 20,000 papers ranked by each, in one process. */
async function benchRanking(): Promise<void> {
  const { config } = loadConfig({});
  const search = await openCorpus(config, [corpusBeside(READERS)], { signal, onProgress: nothing, onBuilt: nothing });
  const { engine, store } = search;
  const papers = await engine.newest(0, engine.counts().documents);
  const times = { training: [] as number[], ranking: [] as number[] };
  const readers = (await readReaders(READERS)).slice(0, READERS_MEASURED);
  for (const [at, { liked }] of [...readers.slice(0, WARM_UP), ...readers].entries()) {
    const signals = liked.flatMap((id) => ({ key: store.findKey(id) ?? -1, weight: 1 }));
    const started = performance.now();
    const profile = await trainProfile(engine, signals);
    const trained = performance.now();
    await rankForProfile(engine, profile, papers);
    if (at < WARM_UP) continue;
    times.training.push(trained - started);
    times.ranking.push(performance.now() - trained);
  }
  const of = { unit: 'ms', n: readers.length };
  print({ name: 'feed, profile of 8 papers learned, p50', value: median(times.training), ...of });
  print({ name: `feed, ${papers.length} candidates ranked, p50`, value: median(times.ranking), ...of });
  await search.close();
}

/**
 * All papers there are, with embeddings as long as the model's and hashed from their words: what they mean does not matter
 * to how long anything takes. Sentences have none, so that evidence is chosen by words.
 */
async function embeddedWhole(): Promise<string> {
  const workspace = await workspaceOf('whole-embedded', WHOLE, '--no-embed');
  const { config } = loadConfig({ workspace });
  const { model } = await describeFingerprint({ ...config, model: DEFAULT_MODEL });
  const embedded = await withWriting(config, { waitMs: 0 }, async ({ store, parts }) => {
    await parts.settleModel();
    const onStored = (done: number): void => {
      if (done % 25_600 === 0) say(`${done} papers embedded`);
    };
    const { fingerprint } = parts;
    return await embedPending({ store, encoder: createHashingEncoder(model), fingerprint, signal, onStored });
  });
  if (embedded > 0) {
    say('linking them');
    const finished = await run(['rebuild', '--workspace', workspace]);
    if (finished.code !== 0) throw new Error(finished.stderr);
  }
  return workspace;
}

/** Persons who read a category each; their tokens. */
function addPersons(workspace: string): string[] {
  const store = Store.open(workspace, { create: false });
  const people = People.open(workspace);
  for (const person of people.persons()) if (!person.isDefault) people.erase(person);
  const wanted = new Map(CATEGORIES.slice(0, PERSONS).map((category) => [category, new Array<string>()]));
  for (const { id, categories } of store.allPapers()) {
    const saved = wanted.get(categories[0] ?? '');
    if (saved && saved.length < SAVED) saved.push(id);
  }
  const tokens = [...wanted].map(([category, papers]) => {
    const { person, token } = people.add(category);
    people.signals(person).save(papers.flatMap((id) => store.lastingId(store.findKey(id) ?? -1) ?? []));
    return token;
  });
  people.close();
  store.close();
  return tokens;
}

async function feed(url: string, token: string, agent: Agent): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const [response]: IncomingMessage[] = await once(
    request(`${url}/api/feed?k=${ITEMS}`, { agent, headers }).end(),
    'response',
  );
  if (response?.statusCode !== 200) throw new Error(`${response?.statusCode} from the feed`);
  response.resume();
  await once(response, 'end');
}

/** Feeds of several persons of a large library, one after another, over HTTP; the first of each learns the profile. */
async function benchWholeFeed(): Promise<void> {
  const workspace = await embeddedWhole();
  const { papers } = lastJson(await run(['stats', '--workspace', workspace, '--json']));
  const tokens = addPersons(workspace);
  const server = await serve(['--workspace', workspace, '--quiet']);
  const agent = new Agent({ keepAlive: true });
  const times = { first: [] as number[], later: [] as number[] };
  try {
    for (let round = 0; round < ROUNDS + 1; round += 1) {
      for (const token of tokens) {
        const started = performance.now();
        await feed(server.url, token, agent);
        (round === 0 ? times.first : times.later).push(performance.now() - started);
      }
    }
  } finally {
    agent.destroy();
    await server.stop();
  }
  const name = `GET /api/feed, ${String(papers)} papers`;
  const later = { unit: 'ms', n: times.later.length };
  print({ name: `${name}, first of a person, p50`, value: median(times.first), unit: 'ms', n: times.first.length });
  print({ name: `${name}, p50`, value: median(times.later), ...later });
  print({ name: `${name}, p99`, value: quantile(times.later, 0.99), ...later });
}

/** How long profiles and feeds take. */
export async function benchFeed(): Promise<void> {
  needShared();
  await benchRanking();
  await benchWholeFeed();
}
