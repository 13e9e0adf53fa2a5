import { z } from 'zod';
import { SOURCE_OPTIONS, type SourceOption } from '../../domain/mod.ts';
import { AppError } from '../../errors.ts';
import type { Reading } from '../contract.ts';
import type { Clock, Http } from './http.ts';

export type Json = z.infer<ReturnType<typeof z.json>>;
export type SourceSettings = Readonly<Record<string, Json>>;

/** Where the services are; each is a setting. */
export interface Bases {
  readonly arxiv: string;
  readonly biorxiv: string;
  readonly huggingFace: string;
  readonly zotero: string;
}

export interface Request<Settings, Cursor> {
  readonly settings: Settings;
  /** Where the last stored batch ended; absent at first. */
  readonly cursor: Cursor | undefined;
  readonly http: Http;
  readonly bases: Bases;
  readonly clock: Clock;
}

/** Some papers of a source. They are to be stored before the next batch is asked for. */
export interface Batch {
  readonly readings: AsyncIterable<Reading>;
  /** Where to go on once these are stored. */
  readonly cursor: Json;
  /** Worth telling of the run, such as that nothing has changed. */
  readonly note?: string;
}

/** What the next run would begin with. */
export interface Plan {
  readonly requests: readonly string[];
  /** How many papers there are to fetch, where one request told. */
  readonly papers?: number;
}

/** A kind of source, its settings and cursors as JSON. */
export interface SourceKind {
  readonly kind: string;
  readonly about: string;
  /** What its argument is called, where it takes one. */
  readonly argument: 'url' | 'path' | undefined;
  /** What else it may be told. */
  readonly options: readonly SourceOption[];
  /** Which configured address it fetches from, where it is one. */
  readonly base: keyof Bases | undefined;
  /** What an input from outside may hold. Throws USAGE. */
  settingsOf(given: Readonly<Record<string, unknown>>): SourceSettings;
  /** What a source of these settings is called unless it is given a name. */
  nameOf(settings: SourceSettings): string;
  describe(settings: SourceSettings): string;
  /** Why there may be nothing new, at this moment. */
  whyEmpty(settings: SourceSettings, now: Date): string;
  plan(request: Request<SourceSettings, Json>): Promise<Plan>;
  /** From the cursor to the end. What it throws (see Http and `readPapers`) ends the run; every batch before it counts. */
  batches(request: Request<SourceSettings, Json>): AsyncIterable<Batch>;
}

/** A kind as its own file writes it: with types of its own for settings and cursor. */
interface Definition<Settings extends SourceSettings, Cursor extends Json> {
  readonly kind: string;
  readonly about: string;
  readonly argument?: 'url' | 'path';
  readonly base?: keyof Bases;
  /** Reads flags, and reads again what it made of them. */
  readonly settings: z.ZodType<Settings> & { readonly shape: Readonly<Record<string, unknown>> };
  readonly cursor: z.ZodType<Cursor>;
  readonly name: (settings: Settings) => string;
  readonly describe: (settings: Settings) => string;
  readonly whyEmpty: (settings: Settings, now: Date) => string;
  readonly plan: (request: Request<Settings, Cursor>) => Promise<Plan>;
  readonly batches: (request: Request<Settings, Cursor>) => AsyncIterable<Batch & { readonly cursor: Cursor }>;
}

function complaint(kind: string, issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return `a source of kind ${kind} takes no ${issue.keys.join(', ')}`;
  const field = issue?.path[0];
  return `a source of kind ${kind}${field === undefined ? '' : `: ${String(field)}`}: ${issue?.message}`;
}

/** A kind whose settings and cursors are checked each time they come in. */
export function kindOf<Settings extends SourceSettings, Cursor extends Json>(
  definition: Definition<Settings, Cursor>,
): SourceKind {
  const { kind, about, argument, base } = definition;
  const settingsOf = (given: Readonly<Record<string, unknown>>): Settings => {
    const parsed = definition.settings.safeParse(given);
    if (!parsed.success) throw new AppError('USAGE', { message: complaint(kind, parsed.error.issues[0]) });
    return parsed.data;
  };
  const checked = (request: Request<SourceSettings, Json>): Request<Settings, Cursor> => {
    // A cursor of another shape is an older or newer program's: beginning anew costs requests, not papers.
    const cursor = definition.cursor.safeParse(request.cursor);
    return { ...request, settings: settingsOf(request.settings), cursor: cursor.success ? cursor.data : undefined };
  };
  return {
    kind,
    about,
    argument,
    options: SOURCE_OPTIONS.filter((option) => option in definition.settings.shape),
    base,
    settingsOf,
    nameOf: (settings) => definition.name(settingsOf(settings)),
    describe: (settings) => definition.describe(settingsOf(settings)),
    whyEmpty: (settings, now) => definition.whyEmpty(settingsOf(settings), now),
    plan: (request) => definition.plan(checked(request)),
    batches: (request) => definition.batches(checked(request)),
  };
}

/** Words of a text, or the list that they became. */
export function listOf(separator: RegExp) {
  const words = (text: string): string[] => text.split(separator).flatMap((word) => word.trim() || []);
  return z.union([z.array(z.string()), z.string().transform(words)]);
}

/** `YYYY-MM-DD`, or nothing. */
export const since = z.iso.date('it takes a day as YYYY-MM-DD').nullable().default(null);

export const webAddress = z.url({
  protocol: /^https?$/,
  error: 'it takes an address that begins with http:// or https://',
});
