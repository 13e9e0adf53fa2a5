import type { Command } from 'commander';
import { openLibrary } from '../app/mod.ts';
import type { SourceJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { type SourceChange, sourceFrom, sourceListOf } from '../indexing/mod.ts';
import { Workspace } from '../store/mod.ts';
import { type Context, contextOf, type GlobalFlags, oneOf } from './context.ts';
import { clean, printJson, printLine } from './print.ts';
import { KIND_NAMES, type SourceFlags, wantedSource, withSourceFlags } from './sources.ts';

interface AllFlags extends GlobalFlags, SourceFlags {
  readonly name?: string;
}

const ACTIONS = ['add', 'list', 'remove', 'pause', 'resume'] as const;

export function addSource(program: Command): Command {
  const command = program
    .command('source')
    .description(
      'keep the list of sources that are synced: add KIND [URL|PATH], list, remove NAME, pause NAME, resume NAME',
    )
    .argument('<action>', ACTIONS.join(', '))
    .argument('[words...]', `add: the kind (${KIND_NAMES}) and its address or path; else the source’s name`)
    .option('--name <name>', 'what the new source is called (default: after its kind, host or folder)');
  return withSourceFlags(command).action(async (action: string, words: string[], flags: AllFlags) => {
    const context = contextOf(flags);
    const wanted = oneOf(action, 'source', ACTIONS);
    if (wanted === 'add') await add(context, words, flags);
    else if (wanted === 'list') await list(context, words);
    else await change(context, wanted, words);
  });
}

async function add({ config, json }: Context, words: readonly string[], flags: AllFlags): Promise<void> {
  const [kind, argument, ...more] = words;
  if (kind === undefined) throw new AppError('USAGE', { message: `say which kind of source: ${KIND_NAMES}` });
  if (more.length > 0) throw new AppError('USAGE', { message: `one source at a time; "${more[0]}" is too much` });
  const wanted = { ...wantedSource(kind, argument, flags), name: flags.name };
  // Looked at before the workspace is: a mistake must not make one.
  sourceFrom(wanted);
  const { workspace, close } = await openLibrary(config, { create: true });
  close();
  const added = await sourceListOf(workspace).add(wanted);
  if (json) printJson(added);
  else printLine(`added ${added.name}: ${added.about}; \`paperkin sync\` fetches it`);
}

async function list({ config, json }: Context, words: readonly string[]): Promise<void> {
  if (words.length > 0) throw new AppError('USAGE', { message: 'source list takes no names' });
  const library = await openLibrary(config, { create: false });
  try {
    const sources = await sourceListOf(library.workspace).list();
    if (json) printJson({ sources });
    else for (const source of sources) printSource(source);
    if (!json && sources.length === 0)
      printLine('no sources yet; `paperkin source add arxiv --categories cs.IR` adds one');
  } finally {
    library.close();
  }
}

function standing({ paused, late, failures, reason, nextTry, lastSuccess }: SourceJson): string {
  if (paused) return 'paused';
  const next = nextTry === null ? '' : `, next try after ${nextTry}`;
  if (late) return `late: ${failures} runs in a row failed, the last one because ${reason ?? 'of something'}${next}`;
  if (failures > 0) return `the last run failed: ${reason ?? 'of something'}${next}`;
  return `${lastSuccess === null ? 'not synced yet' : `synced ${lastSuccess}`}${next}`;
}

function printSource(source: SourceJson): void {
  printLine(clean(`${source.name}  (${source.kind}) ${source.about}`));
  printLine(clean(`  ${standing(source)}`));
  const { lastRun } = source;
  if (!lastRun) return;
  const { added, updated, unchanged, merged, rejected, requests, note } = lastRun;
  printLine(
    `  last run: ${added} added, ${updated} updated, ${unchanged} unchanged, ${merged} merged, ${rejected} rejected; ${requests} requests`,
  );
  if (note !== null) printLine(clean(`  ${note}`));
}

async function change({ config, json }: Context, action: SourceChange, words: readonly string[]): Promise<void> {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) {
    throw new AppError('USAGE', { message: `source ${action} takes the name of one source` });
  }
  const workspace = await Workspace.open(config.workspace, { create: false });
  await sourceListOf(workspace).change(name, action);
  if (json) printJson({ name, action });
  else printLine(action === 'remove' ? `removed ${name}; its papers stay` : `${action}d ${name}`);
}
