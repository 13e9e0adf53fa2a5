import type { Command } from 'commander';
import type { FeedbackJson, FeedbackKind, Hidden } from '../domain/mod.ts';
import { contextOf } from './context.ts';
import { atDesk, type PersonFlags, withPersonFlag } from './desk.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface DismissFlags extends PersonFlags {
  readonly kind?: boolean;
}

const IDS = 'the papers, by any of their ids';

const papers = (n: number): string => (n === 1 ? '1 paper' : `${n} papers`);

export function addLike(program: Command): Command {
  const command = program.command('like').description('say that more papers like these are wanted');
  return withPersonFlag(command.argument('<ids...>', IDS)).action(async (ids: string[], flags: PersonFlags) => {
    await tell(ids, 'like', flags);
  });
}

export function addDismiss(program: Command): Command {
  const command = program
    .command('dismiss')
    .description('say that these papers are not wanted, or none of their kind')
    .argument('<ids...>', IDS)
    .option('--kind', 'nor papers like them');
  return withPersonFlag(command).action(async (ids: string[], flags: DismissFlags) => {
    await tell(ids, flags.kind ? 'not-this-kind' : 'not-this-paper', flags);
  });
}

async function tell(ids: readonly string[], kind: FeedbackKind, flags: PersonFlags): Promise<void> {
  const context = contextOf(flags);
  await atDesk(context, flags, ({ desk, person }) => {
    desk.tell(ids, kind);
    if (context.json) printJson({ person: person.name, kind, papers: ids.length });
    else printLine(`${kind}: ${papers(ids.length)}; \`paperkin forget\` takes it back`);
  });
}

export function addForget(program: Command): Command {
  const command = program.command('forget').description('take back what was said with like or dismiss');
  return withPersonFlag(command.argument('<ids...>', IDS)).action(async (ids: string[], flags: PersonFlags) => {
    const context = contextOf(flags);
    await atDesk(context, flags, ({ desk, person }) => {
      const forgotten = desk.forget(ids);
      if (context.json) printJson({ person: person.name, forgotten });
      else printLine(`taken back for ${papers(forgotten)}`);
    });
  });
}

export function addFeedback(program: Command): Command {
  const command = program.command('feedback').description('list what a person liked, dismissed and hid');
  return withPersonFlag(command).action(async (flags: PersonFlags) => {
    const context = contextOf(flags);
    await atDesk(context, flags, ({ desk, person, library }) => {
      const [feedback, hidden] = [desk.feedback(), library.people.signals(person).hidden()];
      if (context.json) printJson({ person: person.name, feedback, hidden });
      else printFeedback(feedback, hidden);
    });
  });
}

function printFeedback(feedback: readonly FeedbackJson[], hidden: readonly Hidden[]): void {
  if (feedback.length + hidden.length === 0) printLine('nothing liked, dismissed or hidden');
  for (const { id, paper, kind } of feedback) {
    const title = paper?.title ?? 'not in the workspace any more';
    printLine(`${kind.padEnd(15)} ${styled('cyan', clean(id))}  ${clean(title)}`);
  }
  for (const { kind, value } of hidden) printLine(clean(`${`hidden ${kind}`.padEnd(15)} ${value}`));
}
