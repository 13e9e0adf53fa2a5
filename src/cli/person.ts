import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { openPeople, type PeopledLibrary } from '../app/mod.ts';
import { type Person, personJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { type Context, contextOf, type GlobalFlags, oneOf } from './context.ts';
import { writeFileWhole } from './export-file.ts';
import { interruption } from './interruption.ts';
import { clean, printJson, printLine } from './print.ts';

interface PersonCommandFlags extends GlobalFlags {
  readonly output?: string;
  readonly yes?: boolean;
}

const ACTIONS = ['add', 'list', 'token', 'revoke', 'export', 'erase'] as const;
type Action = (typeof ACTIONS)[number];

export function addPerson(program: Command): Command {
  return program
    .command('person')
    .description('keep the list of who reads here: add NAME, list, token NAME, revoke NAME, export [NAME], erase NAME')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[name...]', 'export: whose (default: the one there is from the start); else needed')
    .option('-o, --output <file>', 'export: file to write instead of standard output')
    .option('--yes', 'erase: do not ask')
    .action(async (action: string, words: string[], flags: PersonCommandFlags) => {
      const context = contextOf(flags);
      const wanted = oneOf(action, 'person', ACTIONS);
      const library = await openPeople(context.config, { create: wanted === 'add' });
      try {
        await act(wanted, library, { ...context, name: words.join(' '), flags });
      } finally {
        library.close();
      }
    });
}

interface Asked extends Context {
  readonly name: string;
  readonly flags: PersonCommandFlags;
}

async function act(action: Action, library: PeopledLibrary, asked: Asked): Promise<void> {
  const { people } = library;
  const { name, json, flags } = asked;
  if (action === 'list') {
    list(library, asked);
    return;
  }
  if (action === 'export') {
    await exportPerson(library, people.person(name === '' ? undefined : name), asked);
    return;
  }
  if (name === '') throw new AppError('USAGE', { message: `person ${action} takes a name` });
  if (action === 'add') {
    const { person, token } = people.add(name);
    printToken(person, token, json);
  } else if (action === 'token') {
    const person = people.person(name);
    printToken(person, people.renewToken(person), json);
  } else if (action === 'revoke') {
    const person = people.person(name);
    const revoked = people.revokeToken(person);
    if (json) printJson({ person: person.name, revoked });
    else
      printLine(
        `${revoked ? 'the' : 'there was no'} token of ${clean(person.name)}${revoked ? ' speaks for nobody any more' : ''}`,
      );
  } else {
    const person = people.person(name);
    if (!flags.yes) await confirmErasing(person);
    people.erase(person);
    if (json) printJson({ erased: person.name });
    else printLine(`everything kept of ${clean(person.name)} is erased`);
  }
}

function list({ people }: PeopledLibrary, { name, json }: Asked): void {
  if (name !== '') throw new AppError('USAGE', { message: 'person list takes no name' });
  const persons = people.persons().map(personJson);
  if (json) {
    printJson({ persons });
    return;
  }
  for (const { name, isDefault, hasToken } of persons) {
    printLine(clean(`${name}${isDefault ? ' (where nobody is named)' : ''}${hasToken ? '' : ', no token'}`));
  }
}

function printToken({ name }: Person, token: string, json: boolean): void {
  if (json) printJson({ person: name, token });
  else printLine(`the token of ${clean(name)}, shown this once:\n${token}`);
}

async function exportPerson(
  { people, deskOf }: PeopledLibrary,
  person: Person,
  { json, flags: { output } }: Asked,
): Promise<void> {
  const desk = deskOf(person);
  const exported = people.export(person, (id) => desk.paper(id)?.title ?? null);
  if (output === undefined) {
    if (json) printJson(exported);
    else printLine(JSON.stringify(exported, null, 2));
    return;
  }
  const stop = interruption('stopping; once more to stop at once');
  try {
    const text = (async function* () {
      yield `${JSON.stringify(exported, null, 2)}\n`;
    })();
    await writeFileWhole(output, text, { compress: false, signal: stop.signal });
  } finally {
    stop.release();
  }
  if (json) printJson({ person: person.name, file: output });
  else printLine(`everything kept of ${clean(person.name)} is in ${output}`);
}

async function confirmErasing({ name }: Person): Promise<void> {
  if (!process.stdin.isTTY) throw new AppError('USAGE', { message: 'person erase needs --yes: it cannot be undone' });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = terminal.question(`erase everything kept of ${clean(name)}? Type the name to do so: `);
    // Ctrl-C and Ctrl-D end it with an error.
    const typed = await question.catch((thrown: unknown) => {
      throw new AppError('INTERRUPTED', {}, { cause: thrown });
    });
    if (typed.trim() !== name) throw new AppError('USAGE', { message: 'nothing was erased' });
  } finally {
    terminal.close();
  }
}
