import { AppError } from '../errors.ts';
import type { People } from '../store/mod.ts';
import type { PersonOf } from './person.ts';

/**
 * Lets the keeper of the library pass: the person there is from the start. That is whoever asks without a token while the
 * server listens on loopback, and elsewhere whoever has that person's token. Throws TOKEN_REFUSED, KEEPER_ONLY.
 */
export function keepers(personOf: PersonOf, people: Pick<People, 'person'>): PersonOf {
  return (req) => {
    const person = personOf(req);
    if (!person.isDefault) throw new AppError('KEEPER_ONLY', { keeper: people.person().name });
    return person;
  };
}
