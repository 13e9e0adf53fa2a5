import type { Command } from 'commander';
import { openPeople, type PeopledLibrary } from '../app/mod.ts';
import type { Person } from '../domain/mod.ts';
import type { Desk } from '../store/mod.ts';
import type { Context, GlobalFlags } from './context.ts';

export interface PersonFlags extends GlobalFlags {
  readonly person?: string;
}

/** The flag of commands that are about one person. */
export function withPersonFlag(command: Command): Command {
  return command.option('--person <name>', 'whose (default: the one there is from the start)');
}

interface Sitting {
  readonly desk: Desk;
  readonly person: Person;
  readonly library: PeopledLibrary;
}

/** Opens the library at the desk of the person that the flags name, and closes it when `use` has ended. */
export async function atDesk<T>(
  { config }: Context,
  { person: name }: PersonFlags,
  use: (sitting: Sitting) => T | Promise<T>,
  { create }: { readonly create: boolean } = { create: false },
): Promise<T> {
  const library = await openPeople(config, { create });
  try {
    const person = library.people.person(name);
    return await use({ desk: library.deskOf(person), person, library });
  } finally {
    library.close();
  }
}
