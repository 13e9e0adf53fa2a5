import type { Search } from '../../src/app/mod.ts';
import { sentences } from '../../src/domain/sentences.ts';
import { type Encoder, openEncoder } from '../../src/encoder/mod.ts';
import type { JudgedSet } from '../../src/evaluation/mod.ts';
import { ROOT } from '../support/judged.ts';
import { cosine } from '../support/vectors.ts';

const TOPICS = 500;
/** Deep enough for nearly every topic's paper to be among the hits. */
const DEPTH = 100;

/** The sentence that is nearest to the query when each is encoded by itself. */
async function nearestAlone(encoder: Encoder, query: string, abstract: string): Promise<string | undefined> {
  const places = sentences(abstract);
  const texts = places.map(({ start, end }) => abstract.slice(start, end));
  const [asked, ...vectors] = await Promise.all([query, ...texts].map((text) => encoder.encodeQuery(text)));
  if (!asked) return undefined;
  const cosines = vectors.map(({ embedding }) => cosine(asked.embedding, embedding));
  return texts[cosines.indexOf(Math.max(...cosines))];
}

export interface Agreement {
  /** Topics of which the judged paper was found and has more than one sentence. */
  readonly topics: number;
  /** Of these, the share whose evidence is the sentence that encoding each by itself chooses. */
  readonly share: number;
}

/** How often what a hit shows as its evidence is the sentence nearest to the query, over the judged paper of each topic. */
export async function evidenceAgreement({ retrieval, store }: Search, set: JudgedSet): Promise<Agreement> {
  const encoder = await openEncoder({ model: 'paperkin-minilm', modelsDir: `${ROOT}/models`, allowDownload: false });
  let topics = 0;
  let same = 0;
  for (const [id, grades] of [...set.judgements].slice(0, TOPICS)) {
    const query = set.topics.get(id)?.text ?? '';
    const judged = new Set([...grades.keys()].map((document) => store.findKey(document)));
    const request = {
      query,
      mode: 'hybrid',
      filter: { clauses: [] },
      k: DEPTH,
      lastWord: 'whole',
      explain: false,
    } as const;
    const { hits } = await retrieval.search(request);
    const hit = hits.find(({ paper }) => judged.has(store.findKey(paper.id)));
    if (!hit?.evidence || sentences(hit.paper.abstract).length < 2) continue;
    topics += 1;
    if (hit.evidence.text === (await nearestAlone(encoder, query, hit.paper.abstract))) same += 1;
  }
  await encoder.close();
  return { topics, share: topics === 0 ? NaN : same / topics };
}
