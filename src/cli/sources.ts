import type { Command } from 'commander';
import { SOURCE_KINDS } from '../collection/mod.ts';
import { SOURCE_OPTIONS } from '../domain/mod.ts';
import type { WantedSource } from '../indexing/mod.ts';

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

/** The source that argument and flags describe. */
export function wantedSource(kind: string, argument: string | undefined, flags: SourceFlags): WantedSource {
  const settings: Record<string, unknown> = {};
  for (const option of SOURCE_OPTIONS) if (flags[option] !== undefined) settings[option] = flags[option];
  return { kind, argument, settings, allowPrivateNetwork: flags.allowPrivateNetwork ?? false };
}
