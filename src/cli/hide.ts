import type { Command } from 'commander';
import { HIDDEN_KINDS } from '../domain/mod.ts';
import { contextOf, oneOf } from './context.ts';
import { atDesk, type PersonFlags, withPersonFlag } from './desk.ts';
import { clean, printJson, printLine } from './print.ts';

const KINDS = HIDDEN_KINDS.join(', ');

export function addHide(program: Command): Command {
  const command = program
    .command('hide')
    .description('keep papers by an author, of a venue, or that say a term, out of a person’s feed for good')
    .argument('<kind>', KINDS)
    .argument('<value...>', 'the name, or the word or phrase');
  return withPersonFlag(command).action(async (kindName: string, words: string[], flags: PersonFlags) => {
    const context = contextOf(flags);
    const [kind, value] = [oneOf(kindName, 'hide', HIDDEN_KINDS), words.join(' ').trim()];
    await atDesk(context, flags, ({ person, library }) => {
      library.people.signals(person).hide(kind, value);
      if (context.json) printJson({ person: person.name, kind, value });
      else printLine(clean(`hidden: ${kind} ${value}; \`paperkin unhide\` takes it back`));
    });
  });
}

export function addUnhide(program: Command): Command {
  const command = program
    .command('unhide')
    .description('take back what was said with hide')
    .argument('<kind>', KINDS)
    .argument('<value...>', 'the name, or the word or phrase');
  return withPersonFlag(command).action(async (kindName: string, words: string[], flags: PersonFlags) => {
    const context = contextOf(flags);
    const [kind, value] = [oneOf(kindName, 'unhide', HIDDEN_KINDS), words.join(' ').trim()];
    await atDesk(context, flags, ({ person, library }) => {
      const removed = library.people.signals(person).unhide(kind, value);
      if (context.json) printJson({ person: person.name, kind, value, removed });
      else printLine(clean(removed ? `shown again: ${kind} ${value}` : `${kind} ${value} was not hidden`));
    });
  });
}
