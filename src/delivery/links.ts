import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Person } from '../domain/mod.ts';
import { AppError } from '../errors.ts';

/** What a link in a mail may do, and nothing else. */
export const LINK_PURPOSES = ['save', 'dismiss', 'unsubscribe'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** Mails are read days later; after a month a lost mailbox can change nothing any more, but for ending the mails. */
const LIFETIME_MS = 30 * 24 * 3_600_000;

export interface Link {
  readonly purpose: LinkPurpose;
  readonly person: number;
  /** Lasting id; `''` for a link that is about no paper. */
  readonly paper: string;
}

const Payload = z.tuple([z.enum(LINK_PURPOSES), z.number().int(), z.string(), z.number().nullable()]);

export interface Links {
  /** Address that does something for whoever has the mail. */
  readonly to: (link: Link, now: Date) => string;
  /** Throws LINK_REFUSED. */
  readonly read: (token: string, now: Date) => Link;
  /** A name for something of a person's that tells nothing of them. */
  readonly alias: (person: Pick<Person, 'id'>, what: string) => string;
}

/** Links signed with a secret of the workspace (HMAC-SHA256); what they do is part of what is signed. */
export function createLinks(secret: Buffer, publicUrl: string): Links {
  const sign = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  const signed = (payload: string): Buffer => sign(`link ${payload}`);
  return {
    to({ purpose, person, paper }, now) {
      const until = purpose === 'unsubscribe' ? null : now.getTime() + LIFETIME_MS;
      const payload = Buffer.from(JSON.stringify([purpose, person, paper, until])).toString('base64url');
      return `${publicUrl}/links/${payload}.${signed(payload).toString('base64url')}`;
    },
    read(token, now) {
      const [payload = '', signature = '', ...more] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = signed(payload);
      if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new AppError('LINK_REFUSED', { reason: 'is not whole' });
      }
      const [purpose, person, paper, until] = Payload.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      if (until !== null && until < now.getTime())
        throw new AppError('LINK_REFUSED', { reason: 'is over a month old' });
      return { purpose, person, paper };
    },
    alias: ({ id }, what) => sign(`alias ${id} ${what}`).subarray(0, 12).toString('hex'),
  };
}
