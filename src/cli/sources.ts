import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { SOURCE_KINDS, SOURCE_OPTIONS, sourceKindNamed } from '../collection/mod.ts';
import { AppError } from '../errors.ts';
import { newSource, type SourceState } from '../store/mod.ts';

/** Flags that become a source's settings; each kind knows its own. */
export interface SourceFlags {
  readonly categories?: string;
  readonly since?: string;
  readonly server?: string;
  readonly set?: string;
  readonly prefix?: string;
  readonly library?: string;
  readonly allowPrivateNetwork?: boolean;
}

export const KIND_NAMES = SOURCE_KINDS.map(({ kind }) => kind).join(', ');

export function withSourceFlags(command: Command): Command {
  return command
    .option('--categories <list>', 'arxiv, biorxiv: categories, separated by commas')
    .option('--since <date>', 'arxiv, biorxiv, huggingface, oai: the day to begin at, YYYY-MM-DD')
    .option('--server <name>', 'biorxiv: biorxiv or medrxiv (default: biorxiv)')
    .option('--set <name>', 'oai: the set to harvest (default: everything)')
    .option('--prefix <name>', 'oai: the form of metadata (default: oai_dc)')
    .option('--library <id>', 'zotero: users/0 or groups/NUMBER (default: users/0)')
    .option('--allow-private-network', 'let this source be fetched from private addresses and this machine');
}

/** A source of that kind from its argument and flags, called as it usually is. Throws USAGE. */
export function sourceFrom(kindName: string, argument: string | undefined, flags: SourceFlags): SourceState {
  const kind = sourceKindNamed(kindName);
  const given: Record<string, unknown> = {};
  for (const option of SOURCE_OPTIONS) if (flags[option] !== undefined) given[option] = flags[option];
  if (argument !== undefined) {
    if (kind.argument === undefined) throw new AppError('USAGE', { message: `${kindName} takes no "${argument}"` });
    given[kind.argument] = argument;
  }
  const settings = kind.settingsOf(given);
  const allowPrivateNetwork = flags.allowPrivateNetwork ?? false;
  return newSource({ name: kind.nameOf(settings), kind: kindName, settings: { ...settings }, allowPrivateNetwork });
}

/** The source of the same kind and settings. */
export function sameSource(
  sources: readonly SourceState[],
  { kind, settings }: Pick<SourceState, 'kind' | 'settings'>,
): SourceState | undefined {
  return sources.find((held) => held.kind === kind && isDeepStrictEqual(held.settings, settings));
}

/** The name itself, or with the first number behind it that makes it a new one. */
export function freeName(sources: readonly SourceState[], name: string): string {
  const isTaken = (candidate: string): boolean => sources.some((source) => source.name === candidate);
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name}-${number}`;
  return free;
}
