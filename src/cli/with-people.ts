import { openLibrary } from '../app/mod.ts';
import type { Config } from '../config.ts';
import type { Person } from '../domain/mod.ts';
import { People } from '../store/mod.ts';

/** Works on what is kept of a person, without any papers. Throws WORKSPACE_NOT_FOUND, PERSON_NOT_FOUND. */
export async function withPeople<T>(
  config: Config,
  name: string | undefined,
  use: (people: People, person: Person) => T,
): Promise<T> {
  (await openLibrary(config, { create: false })).close();
  const people = People.open(config.workspace);
  try {
    return use(people, people.person(name));
  } finally {
    people.close();
  }
}
