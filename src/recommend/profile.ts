import { dot } from '../domain/dot.ts';
import { type Hidden, type Interest, namedAfter, type PaperKey, type Person, titleKey } from '../domain/mod.ts';
import type { Engine } from '../engine/mod.ts';
import type { Retrieval } from '../retrieval/mod.ts';
import type { People, Signals, Store } from '../store/mod.ts';
import { groupPapers, type Placed } from './found.ts';
import { type Profile, trainProfile } from './ranking.ts';
import { tellingTerms } from '../domain/terms.ts';
import { type Finder, membership, type Voice, voicesOf, voicesOfWords, wordsOf } from './voices.ts';

/** What is known of a person, ready to rank papers and to say why. */
export interface Learned {
  readonly signals: Signals;
  /** For and against; one a paper. */
  readonly voices: readonly Voice[];
  /** Each voice's embedding at unit length, less what all papers have in common; `undefined` where it has none (yet). */
  readonly directions: readonly (Float32Array | undefined)[];
  /** Titles of all that is saved, judged or told of, as `titleKey` has them: what has one of them is known. */
  readonly knownTitles: ReadonlySet<string>;
  /** Authors, venues and words that are hidden. */
  readonly hidden: readonly Hidden[];
  /** Papers of muted interests, as directions: what is nearer to them than to anything else is not shown. */
  readonly mutedDirections: readonly Float32Array[];
  /** Those that are not deleted, muted ones too. */
  readonly interests: readonly Interest[];
  /** What each interest is called: as its person calls it, or by its own terms. */
  readonly names: ReadonlyMap<number, string>;
  /** By lasting id of a paper of theirs; deleted ones too. */
  readonly interestOf: ReadonlyMap<string, Interest>;
  readonly ranking: Profile;
  /** What all papers have in common: the mean of their embeddings. */
  readonly common: Float32Array | undefined;
}

/** The same with one interest alone; what is dismissed stays. */
export async function narrowed(engine: Engine, learned: Learned, only: Interest): Promise<Learned> {
  const kept = learned.voices.flatMap((voice, i) =>
    voice.interest === only.id || voice.weight < 0 ? [{ voice, direction: learned.directions[i] }] : [],
  );
  const voices = kept.map(({ voice }) => voice);
  const directions = kept.map((each) => each.direction);
  return { ...learned, voices, directions, interests: [only], ranking: await trainProfile(engine, voices) };
}

export interface ProfileParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly people: People;
  readonly retrieval: Pick<Retrieval, 'search'>;
  readonly find: Finder;
}

/** What names an interest: three terms are read at a glance, and fifty papers tell them. */
const TERMS_OF_NAME = 3;
const PAPERS_READ = 50;

/** An embedding less what all have in common, at unit length. */
export function direction(vector: Float32Array, common: Float32Array): Float32Array {
  const rest = new Float32Array(vector.length);
  for (let i = 0; i < rest.length; i += 1) rest[i] = (vector[i] ?? 0) - (common[i] ?? 0);
  const length = Math.sqrt(dot(rest, rest));
  if (length > 0) for (let i = 0; i < rest.length; i += 1) rest[i] = (rest[i] ?? 0) / length;
  return rest;
}

/**
 * Learns what persons read, from what they said, and keeps it until they say something else or papers come or go. Learning
 * finds the interests of a library anew and files them.
 */
export function createProfiles({ engine, store, people, retrieval, find }: ProfileParts) {
  const learned = new Map<number, { readonly state: string; readonly learned: Promise<Learned> }>();

  async function directionsOf(keys: readonly PaperKey[], common: Float32Array | undefined) {
    const vectors = await engine.vectors(keys);
    return vectors.map((vector) => vector && common && direction(vector, common));
  }

  /** Groups what is saved and liked and belongs to no topic and to nothing that was deleted. */
  async function findInterests(signals: Signals, common: Float32Array | undefined): Promise<void> {
    const before = signals.interests({ deleted: true });
    const taken = new Set(
      before.flatMap(({ origin, deleted, papers }) => (origin === 'topic' || deleted ? papers : [])),
    );
    const wanted = [...wordsOf(signals)].filter(([, word]) => word === 'saved' || word === 'like');
    const papers = wanted.map(([paper]) => paper).filter((paper) => !taken.has(paper));
    papers.reverse();
    const known = papers.flatMap((paper) => {
      const key = find(paper);
      return key === undefined ? [] : [{ paper, key }];
    });
    const directions = await directionsOf(
      known.map(({ key }) => key),
      common,
    );
    const placed = known.flatMap(({ paper }, i): Placed[] => {
      const vector = directions[i];
      return vector ? [{ paper, vector }] : [];
    });
    const found = before.filter(({ origin, deleted }) => origin === 'found' && !deleted);
    const groups = groupPapers(placed, found);
    // What has no embedding yet stays where it is, so that a change of model forgets no interest.
    const embedded = new Set(placed.map(({ paper }) => paper));
    const unplaced = new Set(papers.filter((paper) => !embedded.has(paper)));
    signals.putFound(
      groups.map(({ id, papers: members }) => {
        const own = found.find((interest) => interest.id === id)?.papers ?? [];
        return { id, papers: [...members, ...own.filter((paper) => unplaced.has(paper))] };
      }),
    );
  }

  function titlesOf(papers: readonly string[]): ReadonlySet<string> {
    const keys = new Set(papers.flatMap((paper) => find(paper) ?? []));
    const titles = [...keys].map((key) => titleKey(store.paper(key)?.title ?? ''));
    return new Set(titles.filter((title) => title !== ''));
  }

  /** As its person calls it, else by the terms that tell its papers from all others. */
  async function nameOf({ name, papers }: Interest): Promise<string> {
    if (name !== '') return name;
    const read = papers.slice(0, PAPERS_READ).flatMap((paper) => store.paper(find(paper) ?? -1) ?? []);
    if (read.length === 1 && read[0]?.title) return namedAfter(read[0].title);
    const terms = await tellingTerms({
      papers: read,
      papersWith: (words) => engine.papersWith(words),
      documents: engine.counts().documents,
      k: TERMS_OF_NAME,
    });
    return terms.map(({ term }) => term).join(', ') || 'papers without text';
  }

  async function learn(person: Person): Promise<Learned> {
    const signals = people.signals(person);
    const common = await engine.meanEmbedding();
    await findInterests(signals, common);
    const all = signals.interests({ deleted: true });
    const interests = all.filter(({ deleted }) => !deleted);
    const told = voicesOf(signals, find);
    const of = new Set(told.map(({ key }) => key));
    const words = (await voicesOfWords(interests, retrieval, find)).filter(({ key }) => !of.has(key));
    const voices = [...new Map([...words, ...told].map((voice) => [voice.key, voice])).values()];
    const muted = interests.filter((interest) => interest.muted).flatMap(({ papers }) => papers);
    const mutedDirections = await directionsOf(
      muted.flatMap((paper) => find(paper) ?? []),
      common,
    );
    return {
      ...{ signals, voices, interests, common },
      knownTitles: titlesOf([...wordsOf(signals).keys(), ...all.flatMap(({ papers }) => papers)]),
      hidden: signals.hidden(),
      mutedDirections: mutedDirections.filter((found) => found !== undefined),
      directions: await directionsOf(
        voices.map(({ key }) => key),
        common,
      ),
      names: new Map(
        await Promise.all(interests.map(async (interest) => [interest.id, await nameOf(interest)] as const)),
      ),
      interestOf: membership(all),
      ranking: await trainProfile(engine, voices),
    };
  }

  return function profileOf(person: Person): Promise<Learned> {
    const version = store.lastRevision();
    find.upTo(version);
    const state = `${people.signals(person).revision()} ${version} ${engine.counts().embeddings}`;
    const known = learned.get(person.id);
    if (known?.state === state) return known.learned;
    const fresh = learn(person);
    // What failed is tried again by the next who asks.
    fresh.catch(() => learned.delete(person.id));
    learned.set(person.id, { state, learned: fresh });
    return fresh;
  };
}

export type ProfileOf = ReturnType<typeof createProfiles>;
