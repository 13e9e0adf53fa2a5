import type { Config } from '../config.ts';
import type { Person } from '../domain/mod.ts';
import { Desk, People } from '../store/mod.ts';
import { type Library, openLibrary } from './library.ts';

/** A library with whoever reads in it. */
export interface PeopledLibrary extends Library {
  readonly people: People;
  readonly deskOf: (person: Person) => Desk;
}

/** Throws WORKSPACE_NOT_FOUND unless `create`, WORKSPACE_TOO_NEW, WORKSPACE_LOCKED or WORKSPACE_CORRUPT. */
export async function openPeople(config: Config, options: { readonly create: boolean }): Promise<PeopledLibrary> {
  const library = await openLibrary(config, options);
  try {
    const people = People.open(config.workspace);
    return {
      ...library,
      people,
      deskOf: (person) => new Desk(library.store, people.signals(person)),
      close: () => {
        people.close();
        library.close();
      },
    };
  } catch (error) {
    library.close();
    throw error;
  }
}
