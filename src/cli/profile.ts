import type { Command } from 'commander';
import type { ProfileJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { contextOf, share } from './context.ts';
import { type PersonFlags, withPersonFlag } from './desk.ts';
import { withRecommending } from './feed.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface ChangeFlags extends PersonFlags {
  readonly name?: string;
  readonly weight?: string;
  readonly mute?: boolean;
  readonly unmute?: boolean;
}

/** Ten times as much as another interest is the most that still leaves that one something. */
const MOST_WEIGHT = 10;

function weightOf(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value < 1 / MOST_WEIGHT || value > MOST_WEIGHT) {
    throw new AppError('USAGE', {
      message: `--weight takes a number from ${1 / MOST_WEIGHT} to ${MOST_WEIGHT}, not "${text}"`,
    });
  }
  return value;
}

function changeOf({ name, weight, mute, unmute }: ChangeFlags) {
  if (mute && unmute) throw new AppError('USAGE', { message: '--mute and --unmute cannot both be' });
  const muted = mute === true ? true : unmute === true ? false : undefined;
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(weight === undefined ? {} : { weight: weightOf(weight) }),
    ...(muted === undefined ? {} : { muted }),
  };
  if (Object.keys(change).length === 0) {
    throw new AppError('USAGE', { message: 'say what is to change: --name, --weight, --mute or --unmute' });
  }
  return change;
}

export function addProfile(program: Command): Command {
  const profile = program.command('profile').description('what is known of a person’s interests, and how to change it');
  withPersonFlag(profile).action(async (flags: PersonFlags) => {
    const context = contextOf(flags);
    const shown = await withRecommending(context, flags, ({ profile: read }, person) => read(person));
    if (context.json) printJson(shown);
    else printProfile(shown);
  });
  return profile;
}

/** A command of its own each: commander hands flags of a parent to nobody. */
export function addInterest(program: Command): Command {
  const interest = program.command('interest').description('change, merge or delete interests of a profile');
  const changed = async (flags: PersonFlags, change: Parameters<typeof withRecommending<void>>[2]): Promise<void> => {
    const context = contextOf(flags);
    await withRecommending(context, flags, change);
    if (context.json) printJson({ changed: true });
    else printLine('changed; the next feed follows from it');
  };
  withPersonFlag(
    interest
      .command('change')
      .description('rename, weigh or mute')
      .argument('<interest>', 'its number or name')
      .option('--name <name>', 'what it is to be called')
      .option('--weight <w>', 'what it counts for next to others, 0.1 to 10')
      .option('--mute', 'show nothing of it')
      .option('--unmute', 'show it again'),
  ).action((name: string, flags: ChangeFlags) => {
    const change = changeOf(flags);
    return changed(flags, (recommending, person) => recommending.change(person, name, change));
  });
  withPersonFlag(
    interest
      .command('merge')
      .description('make two interests one')
      .argument('<into>', 'the one that stays')
      .argument('<from>', 'the one that goes'),
  ).action((into: string, from: string, flags: PersonFlags) =>
    changed(flags, (recommending, person) => recommending.merge(person, into, from)),
  );
  withPersonFlag(
    interest
      .command('delete')
      .description('let its papers speak for nothing; they stay saved')
      .argument('<interest>', 'its number or name'),
  ).action((name: string, flags: PersonFlags) =>
    changed(flags, (recommending, person) => recommending.change(person, name, { deleted: true })),
  );
  withPersonFlag(
    interest
      .command('diversity')
      .description('how varied the feed is')
      .argument('<share>', '0: the best whatever is alike, 1: as different as can be'),
  ).action((text: string, flags: PersonFlags) => {
    const value = share(text, 'diversity');
    return changed(flags, (recommending, person) => recommending.setDiversity(person, value));
  });
  withPersonFlag(
    interest
      .command('reset')
      .description('forget feedback, what is hidden and shown, and what was found; keep library and topics'),
  ).action((flags: PersonFlags) => changed(flags, (recommending, person) => recommending.reset(person)));
  return interest;
}

function printProfile({ interests, against, hidden, diversity }: ProfileJson): void {
  for (const { id, name, origin, share: part, weight, muted, papers, terms } of interests) {
    const state = [
      `${Math.round(100 * part)} %`,
      origin,
      ...(weight === 1 ? [] : [`weight ${weight}`]),
      ...(muted ? ['muted'] : []),
    ];
    printLine(`${styled('bold', clean(`${id}. ${name}`))}  ${styled('dim', state.join(', '))}`);
    if (terms.length > 0) printLine(clean(`   terms: ${terms.map(({ term }) => term).join(', ')}`));
    for (const { paper, title } of papers.slice(0, 5))
      printLine(styled('dim', clean(`   ${title ?? 'gone'}  ${paper}`)));
    if (papers.length > 5) printLine(styled('dim', `   and ${papers.length - 5} more`));
    printLine();
  }
  if (interests.length === 0) printLine('no interest yet: save papers, like some, or add a topic');
  if (against.papers.length > 0) printLine(clean(`against: ${against.terms.map(({ term }) => term).join(', ')}`));
  for (const { kind, value } of hidden) printLine(clean(`hidden ${kind}: ${value}`));
  printLine(styled('dim', `diversity ${diversity}`));
}
