import { onTestFinished } from 'vitest';
import type { Feed, Paper, Person } from '../../src/domain/mod.ts';
import { embedPending, embedPendingSentences, followStore } from '../../src/indexing/mod.ts';
import { createFeed, createFinder, createOnboarding, createProfiles, createReading } from '../../src/recommend/mod.ts';
import { createRetrieval } from '../../src/retrieval/mod.ts';
import { Desk, People } from '../../src/store/mod.ts';
import { openEngine, openStore, paper, temporaryWorkspace } from './library.ts';
import { subjectEncoder, type Subject, SUBJECTS } from './subject-encoder.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-02T07:00:00Z');

/** `volcano:3`, the third paper on volcanoes; years and authors differ. */
export function subjectPaper(subject: Subject, at: number, more: Partial<Paper> = {}): Paper {
  return paper({
    ...{ id: `${subject}:${at}`, title: `The ${subject} of place ${at}`, year: 2020 },
    abstract: `We measured one ${subject} for ${at + 3} years. Its neighbours were left alone.`,
    authors: [`Author of ${subject} ${at}`],
    ...more,
  });
}

/** So many papers on each of the subjects. */
export const subjectPapers = (each: number, subjects: readonly Subject[] = SUBJECTS): Paper[] =>
  Array.from({ length: each }, (_, at) => subjects.map((subject) => subjectPaper(subject, at))).flat();

/** Everything that recommends, over a library with papers in it and a clock that stands still until it is turned. */
export async function recommending(
  papers: readonly Paper[],
  { embedded = true }: { readonly embedded?: boolean } = {},
) {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  const encoder = subjectEncoder();
  const fingerprint = store.fingerprintNumber(encoder.fingerprint, 'subjects');
  const engine = await openEngine(workspace, { dimensions: encoder.model.dimensions, fingerprint, fresh: true });
  const follower = followStore(store, engine, { fingerprint, from: 0 });
  const people = People.open(workspace);
  onTestFinished(() => people.close());
  const embed = async (): Promise<void> => {
    const options = { store, encoder, fingerprint, signal: new AbortController().signal, onStored: () => undefined };
    await embedPending(options);
    await embedPendingSentences(options);
    await follower.catchUp();
  };
  /** As an import: stored, embedded, indexed. */
  const add = async (more: readonly Paper[], source = 'zoo'): Promise<void> => {
    store.ingest(more.map((each) => ({ source, paper: each })));
    if (embedded) await embed();
    else await follower.catchUp();
  };
  await add(papers);

  let nowMs = START;
  let late: readonly string[] = [];
  const retrieval = createRetrieval({ engine, store, encoder });
  const find = createFinder(store);
  const profileOf = createProfiles({ engine, store, people, retrieval, find });
  const person = people.person();
  const parts = { engine, store, people, retrieval, profileOf, find };
  const { feed, shown } = createFeed({
    ...parts,
    now: () => new Date(nowMs),
    lateSources: async () => late,
  });
  const signals = people.signals(person);
  return {
    ...{ store, engine, people, person, signals, profileOf, find, add, embed, feed, shown, retrieval },
    catchUp: () => follower.catchUp(),
    desk: new Desk(store, signals),
    reading: createReading(parts),
    onboarding: createOnboarding(parts),
    /** A feed of the person's, of ten papers unless said. */
    read: (asked: Partial<Parameters<typeof feed>[0]> = {}): Promise<Feed> => feed({ person, k: 10, ...asked }),
    /** Says that all of a feed was seen. */
    see: ({ items }: Feed): Promise<void> =>
      shown(
        person,
        items.map((item) => item.paper.id),
        'feed',
      ),
    later: (hours: number): void => void (nowMs += hours * HOUR_MS),
    sayLate: (sentences: readonly string[]): void => void (late = sentences),
  };
}

export type Recommended = Awaited<ReturnType<typeof recommending>>;
export const someoneElse = ({ people }: Recommended): Person => people.add('Ada').person;

export const idsOf = ({ items }: Feed): string[] => items.map((item) => item.paper.id);
export const subjectOf = (id: string): string => id.split(':').at(-2) ?? '';
/** Subjects of what a feed shows because it is likely to be liked. */
export const likelySubjects = ({ items }: Feed): string[] =>
  items.filter(({ exploration }) => !exploration).map((item) => subjectOf(item.paper.id));
