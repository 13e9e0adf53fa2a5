import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import {
  type Feedback,
  type FeedbackKind,
  type Hidden,
  type HiddenKind,
  type Impression,
  type Interest,
  type PaperKey,
  type Place,
  PERSON_LIMITS,
  type SavedPaper,
  SHOWN_STAYS_MS,
  type TopicText,
  type Visit,
} from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { atMost, checkHidden, checkInterest, checkSaved } from './limits.ts';
import { type InterestRow, type SavedRow, type SignalStatements, statementsOf } from './signal-statements.ts';

const List = z.array(z.string());
const Visits = z.array(z.object({ at: z.string(), key: z.number() }));
/** The setting that holds them. */
const VISITS = 'visits';

/** What is said of a saved paper; what is absent stays as it was. */
export type SavedChange = Partial<Pick<SavedPaper, 'state' | 'tags' | 'note'>> & { readonly savedAt?: string };
/** What is said of an interest; what is absent stays as it was. */
export type InterestChange = Partial<Omit<Interest, 'id' | 'origin'>>;

const NEW_INTEREST = {
  ...{ name: '', text: '', require: [], exclude: [], authors: [], categories: [], papers: [] },
  ...{ weight: 1, muted: false, deleted: false, held: false },
} satisfies Omit<Interest, 'id' | 'origin'>;

const now = (): string => new Date().toISOString();
const distinct = (texts: readonly string[]): string[] => [
  ...new Map(
    texts.map((text) => text.trim()).flatMap((text) => (text === '' ? [] : [[text.toLowerCase(), text]])),
  ).values(),
];

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_UNIQUE';

/** What one person has said, and was shown. Papers are named by lasting ids (`Store.lastingId`). */
export class Signals {
  readonly #db: Database;
  readonly #person: number;
  readonly #statements: SignalStatements;

  constructor(db: Database, person: number) {
    this.#db = db;
    this.#person = person;
    this.#statements = statementsOf(db);
  }

  /** Grows with every change to what a profile follows from. */
  revision(): number {
    return this.#statements.revision.get(this.#person) ?? 0;
  }

  /** The latest first. */
  library(): SavedPaper[] {
    const tags = new Map<string, string[]>();
    for (const { paper, tag } of this.#statements.allTags.all(this.#person)) {
      const held = tags.get(paper);
      if (held) held.push(tag);
      else tags.set(paper, [tag]);
    }
    return this.#statements.library.all(this.#person).map(({ paper, saved_at: savedAt, state, note }) => {
      return { paper, savedAt, state, tags: tags.get(paper) ?? [], note };
    });
  }

  saved(paper: string): SavedPaper | undefined {
    const row = this.#statements.saved.get(this.#person, paper);
    return row && this.#saved(row);
  }

  /**
   * Saves papers, or changes what is said of those that are saved. Returns how many were not saved before.
   * Throws LIMIT_REACHED.
   */
  save(papers: readonly string[], change: SavedChange = {}): number {
    checkSaved(change);
    return this.#change(() => {
      let added = 0;
      for (const paper of new Set(papers)) {
        const before = this.saved(paper);
        const { savedAt = before?.savedAt ?? now(), state = before?.state ?? 'to-read' } = change;
        this.#statements.putSaved.run(this.#person, paper, savedAt, state, change.note ?? before?.note ?? '');
        if (change.tags) {
          this.#statements.dropTags.run(this.#person, paper);
          for (const tag of distinct(change.tags)) this.#statements.putTag.run(this.#person, paper, tag);
        }
        if (!before) added += 1;
      }
      atMost(PERSON_LIMITS.savedPapers, this.#statements.countSaved.get(this.#person) ?? 0, 'saved papers');
      return added;
    });
  }

  /** `false` where it was not saved. What was made of it, an interest that was found, loses it. */
  unsave(paper: string): boolean {
    return this.#change(() => {
      this.#statements.dropFromFound.run(paper, this.#person);
      return this.#statements.dropSaved.run(this.#person, paper).changes > 0;
    });
  }

  /** By rising id; deleted ones where they are asked for. */
  interests({ deleted = false }: { readonly deleted?: boolean } = {}): Interest[] {
    const rows = this.#statements.interests.all(this.#person);
    return rows.filter((row) => deleted || row.deleted === 0).map((row) => this.#interest(row));
  }

  /** Throws INTEREST_NOT_FOUND. */
  interest(id: number): Interest {
    const found = this.interests().find((interest) => interest.id === id);
    if (!found) throw new AppError('INTEREST_NOT_FOUND', { interest: id });
    return found;
  }

  /** Throws LIMIT_REACHED, and USAGE where the name is another's, or a topic has none. */
  addInterest(origin: Interest['origin'], said: InterestChange & Partial<TopicText>): Interest {
    return this.#change(() => {
      const row = rowOf({ ...NEW_INTEREST, ...said, origin });
      if (origin === 'topic') {
        const topics = this.interests().filter((interest) => interest.origin === 'topic');
        atMost(PERSON_LIMITS.topics, topics.length + 1, 'topics');
      }
      const id = this.#named(said.name, () =>
        Number(this.#statements.addInterest.run({ ...row, person: this.#person }).lastInsertRowid),
      );
      this.#putPapers(id, said.papers ?? []);
      return this.interest(id);
    });
  }

  /** Throws INTEREST_NOT_FOUND, LIMIT_REACHED, and USAGE where the name is another's, or a topic has none. */
  changeInterest(id: number, said: InterestChange): void {
    this.#change(() => {
      const row = rowOf({ ...this.interest(id), ...said });
      this.#named(said.name, () => this.#statements.setInterest.run({ ...row, id, person: this.#person }));
      if (said.papers) this.#putPapers(id, said.papers);
    });
  }

  /**
   * Files the interests that were found: those with an id as they are now, others as new ones; what is no longer found goes,
   * unless the person has changed it. They follow from the rest, so the revision stays.
   */
  putFound(groups: readonly { readonly id: number | undefined; readonly papers: readonly string[] }[]): void {
    this.#atOnce(() => {
      const found = this.interests({ deleted: true }).filter(({ origin }) => origin === 'found');
      const kept = new Set(groups.map(({ id }) => id));
      for (const { id, held, deleted } of found) {
        if (!kept.has(id) && !held && !deleted) this.#statements.dropInterest.run(id, this.#person);
      }
      for (const { id, papers } of groups) {
        const before = found.find((interest) => interest.id === id);
        if (before && before.papers.join('\n') === [...papers].sort().join('\n')) continue;
        const row = { ...rowOf({ ...NEW_INTEREST, origin: 'found' }), person: this.#person };
        this.#putPapers(before?.id ?? Number(this.#statements.addInterest.run(row).lastInsertRowid), papers);
      }
    });
  }

  /** Removes it altogether, as if it had never been told or found. */
  dropInterest(id: number): void {
    this.#change(() => this.#statements.dropInterest.run(id, this.#person));
  }

  /** The latest first. */
  feedback(): Feedback[] {
    return this.#statements.feedback.all(this.#person);
  }

  feedbackOn(paper: string): FeedbackKind | undefined {
    return this.#statements.feedbackOn.get(this.#person, paper);
  }

  /** What is said of a paper now, in place of what was said before; `undefined` takes it back. Throws LIMIT_REACHED. */
  tell(paper: string, kind: FeedbackKind | undefined): void {
    this.#change(() => {
      if (kind === undefined) this.#statements.dropFeedback.run(this.#person, paper);
      else this.#statements.putFeedback.run(this.#person, paper, kind, now());
      atMost(PERSON_LIMITS.feedback, this.#statements.countFeedback.get(this.#person) ?? 0, 'papers with feedback');
    });
  }

  /** The latest first. */
  hidden(): Hidden[] {
    return this.#statements.hidden.all(this.#person);
  }

  /** Throws LIMIT_REACHED, and USAGE for no value. */
  hide(kind: HiddenKind, value: string): void {
    checkHidden(value);
    this.#change(() => {
      this.#statements.putHidden.run(this.#person, kind, value.trim(), now());
      atMost(
        PERSON_LIMITS.hidden,
        this.#statements.countHidden.get(this.#person) ?? 0,
        'hidden authors, venues and terms',
      );
    });
  }

  /** `false` where it was not hidden. */
  unhide(kind: HiddenKind, value: string): boolean {
    return this.#change(() => this.#statements.dropHidden.run(this.#person, kind, value.trim()).changes > 0);
  }

  /** The latest first. */
  impressions(): Impression[] {
    return this.#statements.impressions.all(this.#person);
  }

  /** When each paper was first shown, wherever that was. */
  shown(): ReadonlyMap<string, string> {
    return new Map(this.#statements.shown.all(this.#person).map(({ paper, firstAt }) => [paper, firstAt]));
  }

  /**
   * Says that papers were shown, and that no paper after `lastKey` had come by then. It changes no profile.
   */
  show(papers: readonly string[], place: Place, lastKey: PaperKey, at = now()): void {
    if (papers.length === 0) return;
    this.#atOnce(() => {
      for (const paper of new Set(papers)) this.#statements.putImpression.run(this.#person, paper, place, at, at);
      const last = this.visits().at(-1);
      if (last && Date.parse(at) - Date.parse(last.at) <= SHOWN_STAYS_MS) return;
      this.set(VISITS, [...(last ? [last] : []), { at, key: lastKey }]);
    });
  }

  /** The last two times that something was shown more than half a day after the time before; the latest last. */
  visits(): readonly Visit[] {
    return Visits.parse(this.settings()[VISITS] ?? []);
  }

  settings(): Readonly<Record<string, unknown>> {
    const rows = this.#statements.settings.all(this.#person);
    return Object.fromEntries(rows.map(({ name, value }): [string, unknown] => [name, JSON.parse(value)]));
  }

  /** `undefined` goes back to what holds where nothing is set. No profile follows from settings. */
  set(name: string, value: unknown): void {
    this.#atOnce(() => {
      if (value === undefined) this.#statements.dropSetting.run(this.#person, name);
      else this.#statements.putSetting.run(this.#person, name, JSON.stringify(value));
    });
  }

  /**
   * Forgets what was learned: feedback, what is hidden, what was shown, and the interests that were found with what was
   * changed about them. The library and the topics stay, with their weights.
   */
  reset(): void {
    this.#change(() => {
      this.#statements.dropAllFeedback.run(this.#person);
      this.#statements.dropAllHidden.run(this.#person);
      this.#statements.dropImpressions.run(this.#person);
      this.set(VISITS, undefined);
      this.#statements.dropFound.run(this.#person);
    });
  }

  /** Everything inside `work` is kept, or nothing of it when it throws. */
  atOnce<T>(work: () => T): T {
    return this.#atOnce(work);
  }

  #atOnce<T>(work: () => T): T {
    return this.#db.inTransaction ? work() : this.#db.transaction(work).immediate();
  }

  #change<T>(work: () => T): T {
    return this.#atOnce(() => {
      const result = work();
      this.#statements.changed.run(this.#person);
      return result;
    });
  }

  #saved({ paper, saved_at: savedAt, state, note }: SavedRow): SavedPaper {
    return { paper, savedAt, state, tags: this.#statements.tags.all(this.#person, paper), note };
  }

  #interest({ id, origin, name, text, weight, ...row }: InterestRow): Interest {
    const list = (told: string): string[] => List.parse(JSON.parse(told));
    return {
      ...{ id, origin, name, text, weight },
      require: list(row.require),
      exclude: list(row.exclude),
      authors: list(row.authors),
      categories: list(row.categories),
      papers: this.#statements.interestPapers.all(id),
      muted: row.muted === 1,
      deleted: row.deleted === 1,
      held: row.held === 1,
    };
  }

  #putPapers(id: number, papers: readonly string[]): void {
    this.#statements.dropInterestPapers.run(id);
    for (const paper of papers) this.#statements.putInterestPaper.run(id, paper);
  }

  #named<T>(name: string | undefined, write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (!isTaken(error)) throw error;
      throw new AppError('USAGE', { message: `there is an interest called ${name} already` }, { cause: error });
    }
  }
}

function rowOf(interest: Omit<Interest, 'id'>): Omit<InterestRow, 'id'> {
  checkInterest(interest);
  const list = (texts: readonly string[]): string => JSON.stringify(distinct(texts));
  const { origin, name, text, weight } = interest;
  // What was found is called by its terms instead.
  if (origin === 'topic' && name.trim() === '') throw new AppError('USAGE', { message: 'a topic needs a name' });
  return {
    ...{ origin, name: name.trim(), text: text.trim(), weight },
    require: list(interest.require),
    exclude: list(interest.exclude),
    authors: list(interest.authors),
    categories: list(interest.categories),
    muted: Number(interest.muted),
    deleted: Number(interest.deleted),
    held: Number(interest.held),
  };
}
