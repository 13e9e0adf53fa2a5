import type { Request } from 'express';
import type { Person } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { People } from '../store/mod.ts';
import { isLoopback } from './guard.ts';

/** Whom a request is of. Throws TOKEN_REFUSED. */
export type PersonOf = (req: Request) => Person;

/**
 * Who asks: whom the token speaks for, also on loopback; without one the default person, as long as only this machine can
 * ask. `listensOn`: the address the server is bound to. Other schemes than Bearer are of a proxy's login, and say nothing here.
 */
export function askers(people: Pick<People, 'person' | 'personOf'>, listensOn: string): PersonOf {
  return (req) => {
    const [, scheme, token = ''] = /^(\S+)(?:\s+(.*))?$/.exec(req.headers.authorization ?? '') ?? [];
    if (scheme?.toLowerCase() !== 'bearer') {
      if (isLoopback(listensOn)) return people.person();
      const how = 'send the header Authorization: Bearer TOKEN; `paperkin person add NAME` makes one';
      throw new AppError('TOKEN_REFUSED', { message: `this is one person's, and the request names none: ${how}` });
    }
    const person = people.personOf(token.trim());
    if (person) return person;
    const how = '`paperkin person token NAME` makes a new one';
    throw new AppError('TOKEN_REFUSED', { message: `the token speaks for nobody (any more): ${how}` });
  };
}
