import type { Command } from 'commander';
import { type Config, type ConfigKey, loadConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { parseFilter, type Filter } from '../domain/mod.ts';

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly model?: string;
  readonly modelsDir?: string;
  readonly allowDownload?: boolean;
  readonly threads?: string;
}

export interface Context {
  readonly config: Config;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Adds the flags that every command takes. */
export function withGlobalFlags(command: Command): Command {
  return command
    .option('--workspace <dir>', 'folder of the library (default: index)')
    .option('--json', 'print one JSON object on the last line of standard output')
    .option('--quiet', 'no progress and no log on standard error')
    .option('--model <name>', 'encoder: a registered name, a hub id or a folder')
    .option('--models-dir <dir>', 'folder that holds models')
    .option('--allow-download', 'let a model that is not on this machine be downloaded')
    .option('--threads <n>', 'encoder threads');
}

/** The settings among the flags. */
export function flagsOf({ workspace, model, modelsDir, allowDownload, threads }: GlobalFlags) {
  return { workspace, model, modelsDir, allowDownload, threads };
}

/** Flags and the rest of the configuration of a command that is being run. */
export function contextOf(flags: GlobalFlags, more: { readonly [name in ConfigKey]?: unknown } = {}): Context {
  const { config } = loadConfig({ ...flagsOf(flags), ...more });
  return { config, json: flags.json ?? false, quiet: flags.quiet ?? false };
}

/** Values of a flag that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** A whole number from a flag. Throws USAGE with the flag's name and its bounds. */
export function wholeNumber(text: string, flag: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new AppError('USAGE', { message: `${flag} takes a whole number from ${least} to ${most}, not "${text}"` });
  }
  return value;
}

export function share(text: string, flag: string): number {
  const value = Number(text);
  if (!/^(?:\d+|\d*\.\d+)$/.test(text) || value > 1) {
    throw new AppError('USAGE', { message: `${flag} takes a number from 0 to 1, not "${text}"` });
  }
  return value;
}

export function oneOf<T extends string>(text: string, flag: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text);
  if (!found) throw new AppError('USAGE', { message: `${flag} is one of ${allowed.join(', ')}, not "${text}"` });
  return found;
}

/** `--filter` may be given several times; all must hold. */
export function filterOf(expressions: readonly string[] | undefined): Filter {
  return parseFilter((expressions ?? []).join(' '));
}
