import type { Feed, Person } from '../domain/mod.ts';

export interface FeedRequest {
  /** Number of a topic; all of the person's interests without it. */
  readonly topic?: number;
  /** The most items. */
  readonly k: number;
}

/** A person's feed as of now. It says nothing of having been shown. */
export type FeedFor = (person: Person, request: FeedRequest) => Promise<Feed>;

/** The lasting form of a paper's id, under which signals are kept. */
export type LastingId = (id: string) => string;

/** A mail, ready to be handed over. */
export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly messageId: string;
  readonly date: Date;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What a mail server made of a letter. `taken`: it answered for it. `not-taken`: certainly not, and another time it may.
 * `refused`: certainly not, and never; `bounced` where the address is the reason. `uncertain`: the connection went after the
 * letter had begun to be handed over.
 */
export type MailOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'not-taken' | 'uncertain'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly bounced: boolean };

export interface Mailer {
  /** Never rejects for what a server does or leaves undone. */
  send(letter: Letter): Promise<MailOutcome>;
}
