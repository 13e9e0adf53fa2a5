import type { Command } from 'commander';
import type { Delivery } from '../app/mod.ts';
import type { Config } from '../config.ts';
import {
  changedSchedule,
  DIGEST_SETTING,
  type DigestReport,
  MAX_DIGEST_PAPERS,
  nextDue,
  scheduleInWords,
  type ScheduleChange,
  scheduleOf,
} from '../delivery/mod.ts';
import { type Digest, type DigestSchedule, WEEKDAYS } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { type Context, contextOf, type GlobalFlags, oneOf, wholeNumber } from './context.ts';
import { interruption } from './interruption.ts';
import { clean, printJson, printLine } from './print.ts';
import { withPeople } from './with-people.ts';

/** Opens what delivers; closed when the command ends. */
export type OpenDelivery = (
  config: Config,
  person: string | undefined,
) => Promise<{ readonly delivery: Delivery; readonly close: () => Promise<void> }>;

interface DigestFlags extends GlobalFlags {
  readonly person?: string;
  readonly text?: boolean;
  readonly now?: boolean;
  readonly to?: string;
  readonly daily?: boolean;
  readonly weekly?: boolean;
  readonly at?: string;
  readonly zone?: string;
  readonly days?: string;
  readonly k?: string;
  readonly off?: boolean;
}

const ACTIONS = ['preview', 'send', 'schedule', 'list'] as const;

export function addDigest(program: Command, open: OpenDelivery): Command {
  return program
    .command('digest')
    .description('a person’s feed by mail: preview, send, schedule, list')
    .argument('<action>', ACTIONS.join(', '))
    .option('--person <name>', 'whose (default: the one there is from the start; send: everyone’s)')
    .option('--text', 'preview: as plain text instead of HTML')
    .option('--now', 'send: without waiting for the hour; still once a day or week')
    .option('--to <address>', 'schedule: where it goes')
    .option('--daily', 'schedule: each day, or each of --days')
    .option('--weekly', 'schedule: once a week, on the first of --days')
    .option('--at <hour>', 'schedule: hour of the day, 0 to 23 (default: 7)')
    .option('--zone <name>', 'schedule: time zone, e.g. Europe/Berlin (default: the machine’s)')
    .option('--days <list>', 'schedule: days, e.g. mon,thu (default: all)')
    .option('-k <n>', 'schedule: the most papers in one (default: 12)')
    .option('--off', 'schedule: send no more')
    .action(async (action: string, flags: DigestFlags) => {
      const context = contextOf(flags);
      const wanted = oneOf(action, 'digest', ACTIONS);
      if (wanted === 'preview') await preview(context, flags, open);
      else if (wanted === 'send') await send(context, flags, open);
      else if (wanted === 'schedule') await schedule(context, flags);
      else await list(context, flags);
    });
}

async function preview({ config, json }: Context, flags: DigestFlags, open: OpenDelivery): Promise<void> {
  const { delivery, close } = await open(config, flags.person);
  try {
    const { letter, why } = await delivery.digests.preview(delivery.people.person(flags.person));
    if (json) {
      const { subject, html, text } = letter ?? { subject: null, html: null, text: null };
      printJson({ subject, html, text, why });
    } else if (letter) process.stdout.write(flags.text ? `${letter.text}\n` : letter.html);
    else process.stderr.write(`there is nothing to send: ${clean(why ?? 'nothing is new')}\n`);
  } finally {
    await close();
  }
}

async function send({ config, json, quiet }: Context, flags: DigestFlags, open: OpenDelivery): Promise<void> {
  const { delivery, close } = await open(config, flags.person);
  const stop = interruption('the mail under way is finished first; once more to stop at once');
  try {
    const { people, digests } = delivery;
    const person = flags.now || flags.person !== undefined ? people.person(flags.person) : undefined;
    const request = { ...(person ? { person } : {}), now: flags.now ?? false, signal: stop.signal };
    const reports = await digests.send(request).catch((thrown: unknown): DigestReport[] => {
      // Whoever is sending sends what is due; a clock that asks again and again need not know.
      if (flags.now || !(thrown instanceof AppError && thrown.code === 'DIGEST_RUNNING')) throw thrown;
      return [];
    });
    if (json) printJson({ digests: reports });
    else {
      for (const { person, period, state, papers, reason } of reports) {
        printLine(clean(`${person}, ${period}: ${state}, ${papers} papers${reason === null ? '' : ` (${reason})`}`));
      }
      if (reports.length === 0 && !quiet) process.stderr.write('no digest is due\n');
    }
    const failed = reports.filter(({ state }) => state !== 'sent' && state !== 'empty').length;
    if (failed > 0) throw new AppError('DIGEST_FAILED', { failed, digests: reports.length });
  } finally {
    stop.release();
    await close();
  }
}

/** What the flags say. Throws USAGE. */
function changeFrom(flags: DigestFlags): ScheduleChange {
  const { to, daily, weekly, at, zone, days, k, off } = flags;
  if (daily && weekly) throw new AppError('USAGE', { message: 'either --daily or --weekly' });
  const named = days?.split(',').map((day) => oneOf(day.trim().toLowerCase(), '--days', WEEKDAYS));
  return {
    ...(to === undefined ? {} : { to }),
    ...(daily ? { every: 'daily' } : {}),
    ...(weekly ? { every: 'weekly' } : {}),
    ...(at === undefined ? {} : { hour: wholeNumber(at, '--at', 0, 23) }),
    ...(zone === undefined ? {} : { zone }),
    ...(named === undefined ? {} : { days: named }),
    ...(k === undefined ? {} : { k: wholeNumber(k, '-k', 1, MAX_DIGEST_PAPERS) }),
    on: !off,
  };
}

function schedule({ config, json }: Context, flags: DigestFlags): Promise<void> {
  return withPeople(config, flags.person, (people, person) => {
    const signals = people.signals(person);
    const now = new Date();
    const set = changedSchedule(scheduleOf(signals.settings()), changeFrom(flags), now);
    signals.set(DIGEST_SETTING, set);
    if (json) printJson({ ...set, next: nextDue(set, now)?.toISOString() ?? null });
    else printLine(clean(standing(set, now)));
  });
}

function standing(set: DigestSchedule, now: Date): string {
  const where = `${scheduleInWords(set)}, to ${set.to}`;
  if (!set.on) return `off: no digest is sent (it was ${where})`;
  if (set.paused !== null) return `paused: ${set.paused}; \`paperkin digest schedule\` starts it again`;
  return `${where}, at most ${set.k} papers; the next one after ${nextDue(set, now)?.toISOString() ?? 'never'}`;
}

function list({ config, json }: Context, flags: DigestFlags): Promise<void> {
  return withPeople(config, flags.person, (people, person) => {
    const set = scheduleOf(people.signals(person).settings());
    const digests = people.outbox(person).list();
    if (json) {
      printJson({ schedule: set ?? null, digests });
      return;
    }
    const unset = 'no digest is set; `paperkin digest schedule --to ADDRESS` sets one';
    printLine(clean(set ? standing(set, new Date()) : unset));
    for (const digest of digests) printLine(clean(digestLine(digest)));
  });
}

function digestLine({ period, state, papers, address, nextTry, reason, changedAt }: Digest): string {
  const next = nextTry === null ? '' : `, next try after ${nextTry}`;
  const why = reason === null ? '' : `: ${reason}`;
  return `${period}  ${state}, ${papers.length} papers to ${address}, ${changedAt}${next}${why}`;
}
