import { openEngine, openStore, paper, temporaryWorkspace } from './library.ts';
import { clusteredVectors, unit } from './vectors.ts';

const TOPICS = ['volcano basalt lava', 'orchid pollen petal', 'harbour tide jetty'];
const DIMENSIONS = 8;
const PER_TOPIC = 20;

/**
 * Papers P0, P1, … on three topics, in turn, by word and by embedding. `embedded`: which of them have an embedding; `dateOf`:
 * when each came out, otherwise years in turn.
 */
export async function onTopics({
  embedded = () => true,
  dateOf,
}: {
  readonly embedded?: (at: number) => boolean;
  readonly dateOf?: (at: number) => string;
} = {}) {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  const fingerprint = store.fingerprintNumber('f', 'model');
  const count = TOPICS.length * PER_TOPIC;
  const title = (at: number): string => `${TOPICS[at % 3]} study ${at}`;
  store.ingest(
    Array.from({ length: count }, (_, at) => ({
      source: 'a',
      paper: paper({
        ...{ id: `P${at}`, title: title(at), abstract: '', year: 2020 + (at % 4) },
        ...(dateOf ? { date: dateOf(at), year: Number(dateOf(at).slice(0, 4)) } : {}),
      }),
    })),
  );
  const engine = await openEngine(workspace, { dimensions: DIMENSIONS, fingerprint, fresh: true });
  const papers = store.changedSince(0, fingerprint, count);
  await engine.upsert(papers);
  const noise = clusteredVectors(count, DIMENSIONS, 5);
  await engine.upsertEmbeddings(
    papers.flatMap(({ key }, at) => {
      const axis = Array.from(noise[at] ?? [], (value, d) => 0.3 * value + (d === at % 3 ? 1 : 0));
      return embedded(at) ? [{ key, label: at + 1, embedding: unit(axis) }] : [];
    }),
  );
  const keys = papers.map(({ key }) => key);
  const topicOf = new Map(keys.map((key, at) => [key, at % 3]));
  return {
    engine,
    store,
    workspace,
    keys,
    topics: (found: Int32Array) => Array.from(found, (key) => topicOf.get(key)),
  };
}
