import type { Command } from 'commander';
import { READING_STATES, type SavedPaperJson } from '../domain/mod.ts';
import { contextOf, oneOf } from './context.ts';
import { atDesk, type PersonFlags, withPersonFlag } from './desk.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface LibraryFlags extends PersonFlags {
  readonly state?: string;
  readonly tag?: string;
}

export function addLibrary(program: Command): Command {
  const command = program
    .command('library')
    .description('list the papers that a person saved, the latest first')
    .option('--state <state>', `only papers that are ${READING_STATES.join(', ')}`)
    .option('--tag <tag>', 'only papers that have this tag');
  return withPersonFlag(command).action(async (flags: LibraryFlags) => {
    const context = contextOf(flags);
    const state = flags.state === undefined ? undefined : oneOf(flags.state, '--state', READING_STATES);
    await atDesk(context, flags, ({ desk, person }) => {
      const papers = desk.library({ state, tag: flags.tag }).map((saved) => desk.shown(saved));
      if (context.json) printJson({ person: person.name, papers });
      else printLibrary(papers);
    });
  });
}

function printLibrary(papers: readonly SavedPaperJson[]): void {
  if (papers.length === 0) printLine('no saved paper; `paperkin save ID` or `paperkin save FILE.bib` saves some');
  for (const { id, paper, state, tags, note, savedAt } of papers) {
    const title = paper?.title ?? 'not in the workspace any more';
    const said = [`${state}, saved ${savedAt.slice(0, 10)}`, ...tags.map((tag) => `#${tag}`)].join('  ');
    printLine(styled('bold', clean(title)));
    printLine(`   ${styled('cyan', clean(id))}  ${clean(said)}`);
    if (note !== '') printLine(clean(`   ${note}`));
  }
}
