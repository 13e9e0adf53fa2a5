import type { FeedFor, LastingId } from '../../src/delivery/mod.ts';
import type { Feed, FeedItem, Paper } from '../../src/domain/mod.ts';
import type { People, Store } from '../../src/store/mod.ts';

/** The newest stored papers that were not shown yet, with a sentence of each. */
export function feedsOf(
  store: Store,
  people: People,
): { readonly feedFor: FeedFor; readonly lastingId: LastingId; readonly lastKey: () => number } {
  const lastingId: LastingId = (id) => {
    const key = store.findKey(id);
    return (key === undefined ? undefined : store.lastingId(key)) ?? id;
  };
  const feedFor: FeedFor = async (person, { k, topic }) => {
    const shown = people.signals(person).shown();
    const name = topic === undefined ? null : people.signals(person).interest(topic).name;
    const papers = Array.from(store.allPapers()).reverse();
    const fresh = papers.filter(({ id }) => !shown.has(lastingId(id))).slice(0, k);
    const items = fresh.map((paper, index) => feedItem(store, paper, index + 1, topic, name));
    const why = items.length === k ? null : `only ${items.length} papers are new`;
    return { person: person.name, generatedAt: new Date().toISOString(), items, why, next: null } satisfies Feed;
  };
  return { feedFor, lastingId, lastKey: () => store.lastKey() };
}

function feedItem(store: Store, { id }: Paper, rank: number, topic: number | undefined, name: string | null): FeedItem {
  const key = store.findKey(id);
  const [json] = key === undefined ? [] : store.papers([key]);
  if (!json) throw new Error(`${id} is not stored`);
  const text = json.abstract.split('. ')[0] ?? '';
  return {
    ...{ rank, score: 1 / rank, paper: json, isNew: true, duplicates: [], fewer: [] },
    evidence: text === '' ? null : { text, start: 0, end: text.length },
    because: rank === 3 ? [] : [{ paper: 'arXiv:1706.03762', title: 'Attention <Is> All You Need', weight: 0.62 }],
    exploration: rank === 3,
    interest: topic === undefined || name === null ? null : { id: topic, name },
  };
}
