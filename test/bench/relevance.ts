import { join } from 'node:path';
import { openSearch } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { SEARCH_MODES } from '../../src/domain/mod.ts';
import { mean, ndcg, readJudged, reciprocalRank, ROOT, SHARED } from '../support/judged.ts';
import { needShared, PAPERS20K, workspaceOf } from './collections.ts';
import { print } from './machine.ts';

const CUTOFF = 10;

interface JudgedSet {
  readonly name: string;
  readonly folder: string;
  readonly corpus: string;
  /** Topics whose ids begin so; all when absent. */
  readonly topics?: string;
}

const evaluation = (name: string): string => join(SHARED, 'data', 'eval', name);
const SETS: readonly JudgedSet[] = [
  { name: 'sample', folder: join(ROOT, 'sample', 'questions'), corpus: join(ROOT, 'sample', 'papers.jsonl') },
  { name: 'cacm', folder: evaluation('cacm'), corpus: join(evaluation('cacm'), 'corpus.jsonl') },
  { name: 'cranfield', folder: evaluation('cranfield'), corpus: join(evaluation('cranfield'), 'corpus.jsonl') },
  { name: 'questions', folder: evaluation('questions'), corpus: PAPERS20K },
  { name: 'papers20k tldr', folder: evaluation('papers20k'), corpus: PAPERS20K, topics: 'tldr' },
  { name: 'papers20k keywords', folder: evaluation('papers20k'), corpus: PAPERS20K, topics: 'keywords' },
];

/** nDCG@10, MRR@10 and success@10 of every judged set, by words, by meaning and by both. */
export async function benchRelevance(): Promise<void> {
  needShared();
  for (const { name, folder, corpus, topics: beginning = '' } of SETS) {
    const workspace = await workspaceOf(corpus === PAPERS20K ? 'papers20k' : name, [corpus]);
    const search = await openSearch(loadConfig({ workspace }).config, { create: false, encoder: 'load' });
    await search.follower.catchUp();
    const { topics, judgements } = readJudged(folder);
    const asked = topics.filter(({ id }) => id.startsWith(beginning));
    for (const mode of SEARCH_MODES) {
      const gains: number[] = [];
      const ranks: number[] = [];
      for (const { id, text } of asked) {
        const how = { k: CUTOFF, mode, filter: { clauses: [] }, explain: false, lastWord: 'whole' as const };
        const { hits } = await search.retrieval.search({ query: text, ...how });
        const ranked = hits.map(({ paper }) => paper.id);
        const judged = judgements.get(id) ?? new Map<string, number>();
        gains.push(ndcg(ranked, judged, CUTOFF));
        ranks.push(reciprocalRank(ranked, judged, CUTOFF));
      }
      const n = asked.length;
      print({ name: `${name}, ${mode}, nDCG@10`, value: mean(gains), unit: 'share', n });
      print({ name: `${name}, ${mode}, MRR@10`, value: mean(ranks), unit: 'share', n });
      print({ name: `${name}, ${mode}, success@10`, value: mean(ranks.map((r) => (r > 0 ? 1 : 0))), unit: 'share', n });
    }
    await search.close();
  }
}
