import {
  type FeedbackJson,
  type FeedbackKind,
  formatPaperId,
  type Interest,
  type MarksJson,
  type NamedPaper,
  type PaperJson,
  parsePaperId,
  READING_STATES,
  type ReadingState,
  type SavedPaper,
  type SavedPaperJson,
  type TopicJson,
} from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { InterestChange, SavedChange, Signals } from './signals.ts';
import type { Store } from './store.ts';

/** What is said of papers that are saved; `addTags` and `dropTags` leave the other tags be, `tags` replaces them. */
export interface Saying extends SavedChange {
  readonly addTags?: readonly string[];
  readonly dropTags?: readonly string[];
}

export interface LibraryFilter {
  readonly state?: ReadingState | undefined;
  readonly tag?: string | undefined;
}

export interface SavedCounts {
  readonly saved: number;
  readonly already: number;
}

/** What a person tells of a topic; what is absent stays as it was. */
export type TopicChange = Partial<
  Pick<Interest, 'name' | 'text' | 'require' | 'exclude' | 'authors' | 'categories' | 'papers' | 'weight' | 'muted'>
>;

type IsHeld = (name: string) => boolean;
const sameTag = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/**
 * What one person keeps, with papers named by any of their ids in any spelling and shown as they are now. A paper that has
 * gone from the workspace is still known by the id it was kept under.
 */
export class Desk {
  readonly #store: Store;
  readonly #signals: Signals;

  constructor(store: Store, signals: Signals) {
    this.#store = store;
    this.#signals = signals;
  }

  /** As it is now, `null` where the workspace does not have it. */
  paper(id: string): PaperJson | null {
    const key = this.#store.findKey(id);
    return (key === undefined ? undefined : this.#store.papers([key])[0]) ?? null;
  }

  /** The latest first. */
  library({ state, tag }: LibraryFilter = {}): SavedPaper[] {
    return this.#signals
      .library()
      .filter((saved) => state === undefined || saved.state === state)
      .filter((saved) => tag === undefined || saved.tags.some((held) => sameTag(held, tag)));
  }

  shown({ paper: id, ...said }: SavedPaper): SavedPaperJson {
    return { ...this.#named(id), ...said };
  }

  /** One paper of the library. */
  saved(id: string): SavedPaperJson | undefined {
    const [name = id] = this.#namesOf(id, this.#isSaved);
    const saved = this.#signals.saved(name);
    return saved && this.shown(saved);
  }

  /**
   * Saves papers, or changes what is said of those that are saved: all of them, or none. Returns how many were not saved
   * before, and how many were already. Throws PAPER_NOT_FOUND, LIMIT_REACHED.
   */
  save(ids: readonly string[], { addTags = [], dropTags = [], ...change }: Saying = {}): SavedCounts {
    return this.#signals.atOnce(() => {
      const names = new Set(ids.map((id) => this.#nameOf(id, this.#isSaved)));
      const counts = (saved: number): SavedCounts => ({ saved, already: names.size - saved });
      if (addTags.length === 0 && dropTags.length === 0) return counts(this.#signals.save([...names], change));
      let saved = 0;
      for (const name of names) {
        const held = change.tags ?? this.#signals.saved(name)?.tags ?? [];
        const kept = [...held, ...addTags].filter((tag) => !dropTags.some((dropped) => sameTag(dropped, tag)));
        saved += this.#signals.save([name], { ...change, tags: kept });
      }
      return counts(saved);
    });
  }

  /** What is kept of those of the papers that are saved, to be put back after a change. Throws PAPER_NOT_FOUND. */
  kept(ids: readonly string[]): SavedPaper[] {
    const names = new Set(ids.map((id) => this.#nameOf(id, this.#isSaved)));
    return [...names].flatMap((name) => this.#signals.saved(name) ?? []);
  }

  /**
   * Keeps one of two saved papers with what was said of both: the tags of both, the notes below each other, the earlier
   * day, and the state that is further on. Returns what was kept, to be put back. Throws PAPER_NOT_FOUND where either is
   * not saved, LIMIT_REACHED.
   */
  unite(id: string, otherId: string): SavedPaper[] {
    return this.#signals.atOnce(() => {
      const [one, other] = [this.#held(id), this.#held(otherId)];
      if (one.paper === other.paper) return [one];
      const { savedAt } = one.savedAt < other.savedAt ? one : other;
      const state = READING_STATES[Math.max(READING_STATES.indexOf(one.state), READING_STATES.indexOf(other.state))];
      const tags = [...one.tags, ...other.tags.filter((tag) => !one.tags.some((held) => sameTag(held, tag)))];
      const note = [...new Set([one.note, other.note])].filter((text) => text !== '').join('\n');
      this.#signals.save([one.paper], { savedAt, state: state ?? one.state, tags, note });
      this.#signals.unsave(other.paper);
      return [one, other];
    });
  }

  /** How many were saved. Throws PAPER_NOT_FOUND. */
  unsave(ids: readonly string[]): number {
    return this.#forEach(ids, this.#isSaved, (name) => this.#signals.unsave(name));
  }

  /** Takes papers out; returns what was said of each, to put back. Throws PAPER_NOT_FOUND. */
  take(ids: readonly string[]): SavedPaper[] {
    return this.#signals.atOnce(() => {
      const names = new Set(ids.flatMap((id) => this.#namesOf(id, this.#isSaved)));
      const taken = [...names].flatMap((name) => this.#signals.saved(name) ?? []);
      for (const { paper } of taken) this.#signals.unsave(paper);
      return taken;
    });
  }

  /** Puts papers back as they were, with when they were saved: all of them, or none. Throws LIMIT_REACHED. */
  putBack(papers: readonly SavedPaper[]): void {
    this.#signals.atOnce(() => {
      for (const { paper, ...said } of papers) {
        // One that has gone from the workspace goes by the id it was kept under.
        const name = this.#store.findKey(paper) === undefined ? paper : this.#nameOf(paper, this.#isSaved);
        this.#signals.save([name], said);
      }
    });
  }

  /** What was said of papers, the latest first. */
  feedback(): FeedbackJson[] {
    return this.#signals.feedback().map(({ paper, ...said }) => ({ ...this.#named(paper), ...said }));
  }

  marks(): MarksJson {
    const now = (id: string): string => {
      const key = this.#store.findKey(id);
      return (key === undefined ? undefined : this.#store.idOf(key)) ?? id;
    };
    return {
      saved: this.#signals.library().map(({ paper, state }) => ({ id: now(paper), state })),
      feedback: this.#signals.feedback().map(({ paper, kind }) => ({ id: now(paper), kind })),
    };
  }

  /** Throws PAPER_NOT_FOUND, LIMIT_REACHED. */
  tell(ids: readonly string[], kind: FeedbackKind): void {
    this.#signals.atOnce(() => {
      for (const id of ids) this.#signals.tell(this.#nameOf(id, this.#isTold), kind);
    });
  }

  /** Takes feedback back. Returns of how many papers there was any. Throws PAPER_NOT_FOUND. */
  forget(ids: readonly string[]): number {
    return this.#forEach(ids, this.#isTold, (name) => this.#signals.tell(name, undefined));
  }

  /** By rising number. */
  topics(): TopicJson[] {
    return this.#told().map((topic) => this.#topicJson(topic));
  }

  /** Throws INTEREST_NOT_FOUND. */
  topic(id: number): TopicJson {
    const topic = this.#told().find((told) => told.id === id);
    if (!topic) throw new AppError('INTEREST_NOT_FOUND', { interest: id });
    return this.#topicJson(topic);
  }

  /** By name in any case of letters. Throws INTEREST_NOT_FOUND. */
  topicNamed(name: string): TopicJson {
    const topic = this.#told().find((told) => sameTag(told.name, name));
    if (!topic) throw new AppError('INTEREST_NOT_FOUND', { interest: name });
    return this.#topicJson(topic);
  }

  /** Throws PAPER_NOT_FOUND, LIMIT_REACHED, and USAGE where the name is another's or the topic says nothing. */
  addTopic(said: TopicChange): TopicJson {
    return this.#signals.atOnce(() => this.#checked(this.#signals.addInterest('topic', this.#spelt(said))));
  }

  /** Throws INTEREST_NOT_FOUND, and what `addTopic` throws. */
  changeTopic(id: number, said: TopicChange): TopicJson {
    return this.#signals.atOnce(() => {
      const held = new Set(this.topic(id).papers.map((paper) => paper.id));
      this.#signals.changeInterest(id, this.#spelt(said, held));
      return this.#checked(this.#signals.interest(id));
    });
  }

  /** Throws INTEREST_NOT_FOUND. */
  removeTopic(id: number): void {
    this.#signals.dropInterest(this.topic(id).id);
  }

  readonly #isSaved: IsHeld = (name) => this.#signals.saved(name) !== undefined;
  readonly #isTold: IsHeld = (name) => this.#signals.feedbackOn(name) !== undefined;

  /**
   * Under which ids a paper is held: those of papers that were merged may be several. The lasting one where it is not held.
   * Throws PAPER_NOT_FOUND.
   */
  #namesOf(id: string, isHeld: IsHeld): string[] {
    const key = this.#store.findKey(id);
    const names = key === undefined ? [id.trim(), formatPaperId(parsePaperId(id))] : this.#store.namesOf(key);
    const held = names.filter(isHeld);
    if (held.length > 0) return [...new Set(held)];
    const lasting = key === undefined ? undefined : this.#store.lastingId(key);
    if (lasting === undefined) throw new AppError('PAPER_NOT_FOUND', { id });
    return [lasting];
  }

  #nameOf(id: string, isHeld: IsHeld): string {
    const [name = id] = this.#namesOf(id, isHeld);
    return name;
  }

  #forEach(ids: readonly string[], isHeld: IsHeld, drop: (name: string) => void): number {
    return this.#signals.atOnce(() => {
      let held = 0;
      for (const id of ids) {
        const names = this.#namesOf(id, isHeld).filter(isHeld);
        for (const name of names) drop(name);
        if (names.length > 0) held += 1;
      }
      return held;
    });
  }

  #held(id: string): SavedPaper {
    const saved = this.#signals.saved(this.#nameOf(id, this.#isSaved));
    if (!saved) throw new AppError('PAPER_NOT_FOUND', { id });
    return saved;
  }

  #named(id: string): NamedPaper {
    return { id, paper: this.paper(id) };
  }

  #told(): Interest[] {
    return this.#signals.interests().filter(({ origin }) => origin === 'topic');
  }

  #spelt({ papers, ...said }: TopicChange, held: ReadonlySet<string> = new Set()): InterestChange {
    return papers ? { ...said, papers: papers.map((id) => this.#nameOf(id, (name) => held.has(name))) } : said;
  }

  #checked(topic: Interest): TopicJson {
    const { text, require, authors, categories, papers } = topic;
    if (text === '' && [require, authors, categories, papers].every(({ length }) => length === 0)) {
      const message = 'a topic needs something to go by: a paper, a text, a word to require, an author or a category';
      throw new AppError('USAGE', { message });
    }
    return this.#topicJson(topic);
  }

  #topicJson({ id, name, text, require, exclude, authors, categories, papers, weight, muted }: Interest): TopicJson {
    const said = { id, name, text, require, exclude, authors, categories, weight, muted };
    return { ...said, papers: papers.map((paper) => this.#named(paper)) };
  }
}
