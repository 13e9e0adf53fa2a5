import type { DrivingPaper, Interest, InterestJson, Person, ProfileJson, TermJson } from '../domain/mod.ts';
import type { Engine } from '../engine/mod.ts';
import { AppError } from '../errors.ts';
import type { InterestChange, People, Signals, Store } from '../store/mod.ts';
import { diversityOf } from './feed.ts';
import type { Learned, ProfileOf } from './profile.ts';
import { tellingTerms } from '../domain/terms.ts';
import type { Finder, Voice } from './voices.ts';

/** Terms shown of an interest, and papers they are read from. */
const TERMS = 12;
const PAPERS_READ = 100;
/** Papers that speak for others before a feed is worth reading: two interests have more than one each. Not measured. */
const ENOUGH = 5;

export interface ReadingParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly people: People;
  readonly profileOf: ProfileOf;
  readonly find: Finder;
}

/** Shows a profile to its person, and lets them change it; the next feed follows from what was changed. */
export function createReading({ engine, store, people, profileOf, find }: ReadingParts) {
  const termsOf = async (papers: readonly string[]): Promise<TermJson[]> =>
    tellingTerms({
      papers: papers.slice(0, PAPERS_READ).flatMap((paper) => store.paper(find(paper) ?? -1) ?? []),
      papersWith: (words) => engine.papersWith(words),
      documents: engine.counts().documents,
      k: TERMS,
    });

  function driving(voices: readonly Voice[]): DrivingPaper[] {
    const total = voices.reduce((sum, { weight }) => sum + Math.abs(weight), 0) || 1;
    return voices
      .map(({ key, paper, weight }) => ({
        paper,
        title: store.paper(key)?.title ?? null,
        weight: Math.abs(weight) / total,
      }))
      .sort((a, b) => b.weight - a.weight);
  }

  async function interestJson(interest: Interest, { voices, names }: Learned): Promise<InterestJson> {
    const { papers, ...told } = interest;
    const own = voices.filter((voice) => voice.interest === interest.id);
    const sum = (of: readonly Voice[]): number => of.reduce((all, { weight }) => all + Math.max(0, weight), 0);
    // Muted papers drive nothing, and still tell what would be driven.
    const shown =
      own.length > 0
        ? driving(own)
        : papers.map((paper) => ({ paper, title: store.paper(find(paper) ?? -1)?.title ?? null, weight: 0 }));
    return {
      ...told,
      name: names.get(interest.id) ?? interest.name,
      share: sum(own) / (sum(voices) || 1),
      papers: shown,
      terms: await termsOf(shown.map(({ paper }) => paper)),
    };
  }

  async function profile(person: Person): Promise<ProfileJson> {
    const learned = await profileOf(person);
    const { interests, voices, signals, hidden } = learned;
    const against = voices.filter(({ weight }) => weight < 0);
    const shown = await Promise.all(interests.map((interest) => interestJson(interest, learned)));
    return {
      person: person.name,
      known: { papers: voices.filter(({ weight }) => weight > 0).length, enough: ENOUGH },
      interests: shown.sort((a, b) => b.share - a.share || a.id - b.id),
      against: { papers: driving(against), terms: await termsOf(against.map(({ paper }) => paper)) },
      hidden,
      diversity: diversityOf(signals),
    };
  }

  /** An interest by its number or by what it is called. Throws INTEREST_NOT_FOUND. */
  async function named(person: Person, name: string): Promise<Interest> {
    const { interests, names } = await profileOf(person);
    const wanted = name.trim().toLowerCase();
    const found =
      interests.find(({ id }) => String(id) === wanted) ??
      interests.find(({ id }) => names.get(id)?.toLowerCase() === wanted);
    if (!found) throw new AppError('INTEREST_NOT_FOUND', { interest: name });
    return found;
  }

  /** Renames, weighs, mutes or deletes. What is changed stays together whatever is found later. */
  async function change(
    person: Person,
    name: string,
    said: Pick<InterestChange, 'name' | 'weight' | 'muted' | 'deleted'>,
  ): Promise<void> {
    const { id } = await named(person, name);
    people.signals(person).changeInterest(id, { ...said, held: true });
  }

  /** Makes two interests one, which keeps the first one's name and weight and has the papers and conditions of both. */
  async function merge(person: Person, into: string, from: string): Promise<void> {
    const [kept, gone] = [await named(person, into), await named(person, from)];
    if (kept.id === gone.id) throw new AppError('USAGE', { message: `${into} and ${from} are the same interest` });
    const signals: Signals = people.signals(person);
    const calledKept = (await profileOf(person)).names.get(kept.id) ?? kept.name;
    const both = (of: (interest: Interest) => readonly string[]): string[] => [...new Set([...of(kept), ...of(gone)])];
    // What a topic asks for holds for papers that were found as well; the other way round it would be lost.
    const [stays, goes] = kept.origin === 'found' && gone.origin === 'topic' ? [gone, kept] : [kept, gone];
    signals.atOnce(() => {
      signals.dropInterest(goes.id);
      signals.changeInterest(stays.id, {
        ...{ name: stays === kept ? kept.name : calledKept, weight: kept.weight, muted: kept.muted, held: true },
        text: [kept.text, gone.text].filter((text) => text !== '').join(' '),
        papers: both(({ papers }) => papers),
        // A paper of either must pass: what only one of them requires is required no more.
        require: kept.require.filter((term) => gone.require.includes(term)),
        exclude: both(({ exclude }) => exclude),
        authors: both(({ authors }) => authors),
        categories:
          kept.categories.length > 0 && gone.categories.length > 0 ? both(({ categories }) => categories) : [],
      });
    });
  }

  /** Forgets what was learned; the library and the topics stay. */
  function reset(person: Person): void {
    people.signals(person).reset();
  }

  function setDiversity(person: Person, diversity: number | undefined): void {
    people.signals(person).set('diversity', diversity);
  }

  return { profile, named, change, merge, reset, setDiversity };
}

export type Reading = ReturnType<typeof createReading>;
