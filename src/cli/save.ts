import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { withWriting } from '../app/mod.ts';
import { READING_STATES } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { importMissing, type ImportResult } from '../indexing/mod.ts';
import type { Desk, Saying } from '../store/mod.ts';
import { collect, type Context, contextOf, oneOf } from './context.ts';
import { atDesk, type PersonFlags, withPersonFlag } from './desk.ts';
import { errorJson, exitWith } from './failure.ts';
import { inputsOf, printRejections, runImport } from './importing.ts';
import { clean, printJson, printLine } from './print.ts';

interface SaveFlags extends PersonFlags {
  readonly state?: string;
  readonly tag?: readonly string[];
  readonly untag?: readonly string[];
  readonly note?: string;
}

// A sync holds the lock for a batch at a time, which takes seconds; an import that is longer is waited for by hand.
const LOCK_WAIT_MS = 30_000;

export function addSave(program: Command): Command {
  const command = program
    .command('save')
    .description('put papers into a person’s library, or say more of those in it')
    .argument('<papers...>', 'ids, or files that hold papers, in every format that import reads; - for standard input')
    .option('--state <state>', READING_STATES.join(', '))
    .option('--tag <tag>', 'a tag to add (repeatable)', collect)
    .option('--untag <tag>', 'a tag to take off (repeatable)', collect)
    .option('--note <text>', 'a note, in place of the one there is');
  return withPersonFlag(command).action(async (papers: string[], flags: SaveFlags) => {
    await save(contextOf(flags), papers, flags);
  });
}

function sayingOf({ state, tag, untag, note }: SaveFlags): Saying {
  return {
    ...(state === undefined ? {} : { state: oneOf(state, '--state', READING_STATES) }),
    ...(tag ? { addTags: tag } : {}),
    ...(untag ? { dropTags: untag } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

const isFile = (word: string): boolean => word === '-' || existsSync(word);

/** What is no paper's id and is there as a file is a file. */
function partedBy(words: readonly string[], desk: Desk): { readonly files: string[]; readonly ids: string[] } {
  const files = words.filter((word) => isFile(word) && desk.paper(word) === null);
  return { files, ids: words.filter((word) => !files.includes(word)) };
}

async function save(context: Context, words: readonly string[], flags: SaveFlags): Promise<void> {
  const saying = sayingOf(flags);
  await atDesk(
    context,
    flags,
    async ({ desk, person }) => {
      const { files, ids } = partedBy(words, desk);
      const imported = files.length === 0 ? undefined : await importFiles(context, files);
      const counts = desk.save([...ids, ...(imported?.ids ?? [])], saying);
      report(context, person.name, counts, imported);
    },
    { create: words.some(isFile) },
  );
}

async function importFiles({ config, quiet }: Context, files: readonly string[]) {
  const inputs = await inputsOf(files);
  return withWriting(config, { waitMs: LOCK_WAIT_MS }, (writing) =>
    runImport(writing, quiet ? 'none' : 'auto', (options) =>
      importMissing(inputs, writing.parts, { onRejection: 'skip', embed: 'all', ...options }),
    ),
  );
}

function report(
  { json }: Context,
  person: string,
  counts: { readonly saved: number; readonly already: number },
  imported: ImportResult | undefined,
): void {
  const { added = 0, rejected = [], rejectedTotal = 0 } = imported?.summary ?? {};
  const [first] = rejected;
  const nothing = counts.saved + counts.already === 0;
  const error =
    imported?.failure ??
    (imported?.interrupted ? new AppError('INTERRUPTED') : undefined) ??
    (first && nothing ? new AppError('BAD_INPUT', { ...first }) : undefined);
  const summary = { person, ...counts, imported: added, rejected, rejectedTotal };
  if (json) {
    printJson(error ? { ...summary, error: errorJson(error) } : summary);
  } else {
    const rest = imported ? `, ${added} imported, ${rejectedTotal} rejected` : '';
    printLine(`${counts.saved} saved, ${counts.already} saved already${rest}`);
    printRejections({ rejected, rejectedTotal });
  }
  if (error) exitWith(error);
}

export function addUnsave(program: Command): Command {
  const command = program
    .command('unsave')
    .description('take papers out of a person’s library, with their tags and notes')
    .argument('<ids...>', 'the papers, by any of their ids');
  return withPersonFlag(command).action(async (ids: string[], flags: PersonFlags) => {
    const context = contextOf(flags);
    await atDesk(context, flags, ({ desk, person }) => {
      const unsaved = desk.unsave(ids);
      if (context.json) printJson({ person: person.name, unsaved });
      else printLine(clean(`${unsaved} taken out of the library of ${person.name}`));
    });
  });
}
