import type { Command } from 'commander';
import type { ProfileJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { contextOf, oneOf, share } from './context.ts';
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

const ACTIONS = ['show', 'change', 'merge', 'delete', 'diversity', 'reset'] as const;

/** The words that an action takes; the names of interests may have blanks, where there is only one. */
function wordsOf(action: (typeof ACTIONS)[number], words: readonly string[]): readonly string[] {
  const wanted = { show: 0, change: 1, merge: 2, delete: 1, diversity: 1, reset: 0 }[action];
  const given = wanted === 1 && words.length > 0 ? [words.join(' ')] : words;
  if (given.length === wanted) return given;
  const what = [
    'no words',
    'one interest, by its number or name',
    'two interests, by number: the one that stays, the one that goes',
  ];
  const message =
    action === 'diversity' ? 'profile diversity takes a number from 0 to 1' : `profile ${action} takes ${what[wanted]}`;
  throw new AppError('USAGE', { message });
}

export function addProfile(program: Command): Command {
  const command = program
    .command('profile')
    .description(
      'what is known of a person’s interests: show, change INTEREST, merge INTO FROM, delete INTEREST, diversity SHARE, reset',
    )
    .argument('[action]', ACTIONS.join(', '), 'show')
    .argument('[words...]', 'interests by number or name; the share')
    .option('--name <name>', 'change: what it is to be called')
    .option('--weight <w>', 'change: what it counts for next to others, 0.1 to 10')
    .option('--mute', 'change: show nothing of it')
    .option('--unmute', 'change: show it again');
  return withPersonFlag(command).action(async (given: string, words: string[], flags: ChangeFlags) => {
    const action = oneOf(given, 'profile', ACTIONS);
    const [first = '', second = ''] = wordsOf(action, words);
    const change = action === 'change' ? changeOf(flags) : { deleted: true };
    const diversity = action === 'diversity' ? share(first, 'profile diversity') : undefined;
    const context = contextOf(flags);
    const shown = await withRecommending(context, flags, async (recommending, person) => {
      if (action === 'change' || action === 'delete') await recommending.change(person, first, change);
      if (action === 'merge') await recommending.merge(person, first, second);
      if (action === 'diversity') recommending.setDiversity(person, diversity);
      if (action === 'reset') recommending.reset(person);
      return recommending.profile(person);
    });
    if (context.json) printJson(shown);
    else printProfile(shown);
  });
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
