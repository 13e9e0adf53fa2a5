import type { Command } from 'commander';
import type { ProfileJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { contextOf, oneOf, share } from './context.ts';
import { type PersonFlags, withPersonFlag } from './desk.ts';
import { withRecommending } from './feed.ts';
import { printConditions } from './topic.ts';
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

const hasChange = ({ name, weight, mute, unmute }: ChangeFlags): boolean =>
  [name, weight, mute, unmute].some((flag) => flag !== undefined);

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

const ACTIONS = ['change', 'merge', 'delete', 'diversity', 'reset'] as const;
/** What each action takes, in the words of its usage. */
const TAKES = {
  ...{ change: ['the interest'], merge: ['the interest that stays', 'the one that goes'], delete: ['the interest'] },
  ...{ diversity: ['a number from 0 to 1'], reset: [] },
} satisfies Record<(typeof ACTIONS)[number], readonly string[]>;

export function addInterest(program: Command): Command {
  const command = program
    .command('interest')
    .description('change a profile: change NAME, merge INTO FROM, delete NAME, diversity SHARE, reset')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[what...]', 'interests, each by its number or name; a share for diversity')
    .option('--name <name>', 'change: what it is to be called')
    .option('--weight <w>', 'change: what it counts for next to others, 0.1 to 10')
    .option('--mute', 'change: show nothing of it')
    .option('--unmute', 'change: show it again');
  return withPersonFlag(command).action(async (action: string, what: string[], flags: ChangeFlags) => {
    const context = contextOf(flags);
    const change = interestChange(oneOf(action, 'interest', ACTIONS), what, flags);
    await withRecommending(context, flags, change);
    if (context.json) printJson({ changed: true });
    else printLine('changed; the next feed follows from it');
  });
}

/** What is to be done; throws USAGE before anything is opened. */
function interestChange(
  action: (typeof ACTIONS)[number],
  what: readonly string[],
  flags: ChangeFlags,
): Parameters<typeof withRecommending<void>>[2] {
  const takes = TAKES[action];
  if (what.length !== takes.length) {
    const message = `interest ${action} takes ${takes.join(' and ') || 'nothing more'}; quote names that have blanks`;
    throw new AppError('USAGE', { message });
  }
  const [first = '', second = ''] = what;
  if (action !== 'change' && hasChange(flags)) {
    throw new AppError('USAGE', { message: '--name, --weight, --mute and --unmute go with interest change' });
  }
  if (action === 'change') {
    const change = changeOf(flags);
    return ({ change: apply }, person) => apply(person, first, change);
  }
  if (action === 'merge') return ({ merge }, person) => merge(person, first, second);
  if (action === 'delete') return ({ change }, person) => change(person, first, { deleted: true });
  if (action === 'reset') return ({ reset }, person) => reset(person);
  const value = share(first, 'diversity');
  return ({ setDiversity }, person) => setDiversity(person, value);
}

function printProfile({ interests, against, hidden, diversity }: ProfileJson): void {
  for (const { id, name, origin, share: part, weight, muted, papers, terms, ...asked } of interests) {
    const state = [
      `${Math.round(100 * part)} %`,
      origin,
      ...(weight === 1 ? [] : [`weight ${weight}`]),
      ...(muted ? ['muted'] : []),
    ];
    printLine(`${styled('bold', clean(`${id}. ${name}`))}  ${styled('dim', state.join(', '))}`);
    printConditions(asked);
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
