import { setPriority } from 'node:os';
import type { Command } from 'commander';
import { syncParts } from '../app/mod.ts';
import { findSourceKind } from '../collection/mod.ts';
import type { SourceReport } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { freeName, planSync, sameSource, sourceFrom, type SourcePlan, syncSources } from '../indexing/mod.ts';
import { lockForSync, type Workspace } from '../store/mod.ts';
import { type Context, contextOf, type GlobalFlags, oneOf } from './context.ts';
import { errorJson, exitWith } from './failure.ts';
import { interruption } from './interruption.ts';
import { clean, printJson, printLine } from './print.ts';
import { downloadDisplay, PROGRESS_STYLES, progressDisplay } from './progress.ts';
import { type SourceFlags, wantedSource, withSourceFlags } from './sources.ts';

interface SyncFlags extends GlobalFlags, SourceFlags {
  readonly dryRun?: boolean;
  readonly embed: boolean;
  readonly progress: string;
}

/** As for imports: searches in a running server come first. */
const NICENESS = 10;
const SHOWN_REJECTIONS = 5;
const SHOWN_REQUESTS = 10;

export function addSync(program: Command): Command {
  const command = program
    .command('sync')
    .description('fetch what is new from the sources that are due, or from those named')
    .argument('[names...]', 'sources by name; or a kind with its flags, which is added where it is not there yet')
    .option('--dry-run', 'say what would be fetched, and fetch nothing')
    .option('--no-embed', 'store and index the words only; a later sync or import embeds what is missing')
    .option('--progress <style>', PROGRESS_STYLES.join(', '), 'auto');
  return withSourceFlags(command).action(async (names: string[], flags: SyncFlags) => {
    await sync(contextOf(flags), names, flags);
  });
}

/**
 * `sync arxiv --categories cs.IR` names a source by what it is. Without flags, a name is a source's, unless there is none
 * and it is a kind. Returns the names of sources.
 */
async function named(workspace: Workspace, words: readonly string[], flags: SyncFlags): Promise<readonly string[]> {
  const [kind, argument, ...more] = words;
  const { sources } = workspace.state;
  const isKnown = (word: string): boolean => sources.some(({ name }) => name === word);
  const { categories, since, server, set, prefix, library, allowPrivateNetwork } = flags;
  const given = [categories, since, server, set, prefix, library, allowPrivateNetwork].some(
    (flag) => flag !== undefined,
  );
  if (kind === undefined || (!given && (words.every(isKnown) || !findSourceKind(kind)))) {
    if (given) throw new AppError('USAGE', { message: 'say which kind of source these flags are for' });
    return words;
  }
  if (more.length > 0) throw new AppError('USAGE', { message: `"${more[0]}" is too much: one new source at a time` });
  const source = sourceFrom(wantedSource(kind, argument, flags));
  const known = sameSource(sources, source);
  if (known) return [known.name];
  if (flags.dryRun)
    throw new AppError('USAGE', { message: `add the source first: paperkin source add ${words.join(' ')}` });
  let { name } = source;
  // Looked at again under the lock: another program may have added it meanwhile.
  await workspace.updateSources((now) => {
    const held = sameSource(now, source);
    name = held?.name ?? freeName(now, source.name);
    return held ? [...now] : [...now, { ...source, name }];
  });
  return [name];
}

async function sync({ config, json, quiet }: Context, words: readonly string[], flags: SyncFlags): Promise<void> {
  setPriority(NICENESS);
  const parts = await syncParts(config, quiet ? undefined : downloadDisplay());
  await parts.workspace.reload();
  const names = await named(parts.workspace, words, flags);
  const stop = interruption();
  const wanted = oneOf(flags.progress, '--progress', PROGRESS_STYLES);
  const style = quiet || (json && wanted === 'auto') ? 'none' : wanted;
  const display = progressDisplay(style);
  const lock = lockForSync(config.workspace);
  try {
    if (flags.dryRun) {
      reportPlans(json, await planSync(parts, { names, signal: stop.signal }));
      return;
    }
    const onSource = (name: string): void => {
      if (style === 'json') process.stderr.write(`${JSON.stringify({ source: name })}\n`);
      else if (!quiet) process.stderr.write(`syncing ${name}\n`);
    };
    const options = {
      names,
      embed: flags.embed ? ('all' as const) : ('nothing' as const),
      signal: stop.signal,
      onProgress: display.show,
      onSource,
    };
    const { summary, interrupted } = await syncSources(parts, options);
    const failed = summary.sources.filter(({ error }) => error !== undefined).length;
    const failure = failed > 0 ? new AppError('SYNC_FAILED', { failed, sources: summary.sources.length }) : undefined;
    const error = interrupted ? new AppError('INTERRUPTED') : failure;
    if (json) printJson(error ? { ...summary, error: errorJson(error) } : summary);
    else printReports(summary.sources);
    if (error) exitWith(error);
  } finally {
    lock.release();
    display.stop();
    stop.release();
  }
}

function printReports(reports: readonly SourceReport[]): void {
  for (const report of reports) {
    const { name, added, updated, unchanged, merged, rejected, rejectedTotal, requests, seconds, note, error } = report;
    printLine(
      `${name}: ${added} added, ${updated} updated, ${unchanged} unchanged, ${merged} merged, ${rejectedTotal} rejected; ${requests} requests in ${seconds.toFixed(1)} s`,
    );
    if (note !== null) printLine(clean(`  ${note}`));
    if (error) printLine(clean(`  failed: ${error.message}`));
    for (const { file, line, reason } of rejected.slice(0, SHOWN_REJECTIONS))
      printLine(clean(`  ${file}:${line}: ${reason}`));
    const more = rejectedTotal - SHOWN_REJECTIONS;
    if (more > 0) printLine(`  … and ${more} more rejected (--json lists the first 10,000)`);
  }
  if (reports.length === 0) printLine('nothing is due; `paperkin source list` shows why');
}

function reportPlans(json: boolean, plans: readonly SourcePlan[]): void {
  if (json) {
    printJson({ sources: plans });
  } else {
    for (const { name, requests, papers, note, error } of plans) {
      printLine(`${name}: ${papers === undefined ? 'would begin with' : `${papers} papers, beginning with`}`);
      for (const request of requests.slice(0, SHOWN_REQUESTS)) printLine(clean(`  ${request}`));
      if (requests.length > SHOWN_REQUESTS) printLine(`  … and ${requests.length - SHOWN_REQUESTS} more`);
      if (note !== null) printLine(clean(`  ${note}`));
      if (error) printLine(clean(`  ${error.message}`));
    }
    if (plans.length === 0) printLine('nothing is due');
  }
  const failed = plans.filter(({ error }) => error !== undefined).length;
  if (failed > 0) exitWith(new AppError('SYNC_FAILED', { failed, sources: plans.length }));
}
