import type { Request } from 'express';
import type { Person } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { type People, TOKEN_PREFIX } from '../store/mod.ts';
import { isLoopback } from './guard.ts';

/** Whom a request is of. Throws TOKEN_REFUSED. */
export type PersonOf = (req: Request) => Person;

/**
 * Who asks: whom the token speaks for, also on loopback; without one the default person, as long as only this machine can
 * ask. `listensOn`: the address the server is bound to. Other schemes than Bearer are of a proxy's login, and say nothing here.
 */
export function askers(people: Pick<People, 'person' | 'personOf'>, listensOn: string): PersonOf {
  return (req) => {
    const { authorization = '' } = req.headers;
    const [, scheme, token = ''] = /^(\S+)(?:\s+(.*))?$/.exec(authorization) ?? [];
    if (scheme?.toLowerCase() !== 'bearer' && authorization.includes(TOKEN_PREFIX)) {
      // Taken for a proxy's login, it would make whoever sends it the default person.
      throw new AppError('TOKEN_REFUSED', { message: 'a token is sent as Authorization: Bearer TOKEN' });
    }
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
