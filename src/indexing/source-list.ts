import { isDeepStrictEqual } from 'node:util';
import { SOURCE_KINDS, sourceKindNamed } from '../collection/mod.ts';
import type { SourceJson, SourceKindJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { newSource, type SourceState, type Workspace } from '../store/mod.ts';
import { sourceJson } from './source-state.ts';

/** A source as somebody describes it; `argument` is its address or path, where its kind takes one. */
export interface WantedSource {
  readonly kind: string;
  readonly argument?: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly name?: string | undefined;
  readonly allowPrivateNetwork: boolean;
}

export const SOURCE_CHANGES = ['pause', 'resume', 'remove'] as const;
export type SourceChange = (typeof SOURCE_CHANGES)[number];

/** The sources of a workspace, and the ways in which people change them. */
export interface SourceList {
  readonly kinds: readonly SourceKindJson[];
  readonly list: () => Promise<SourceJson[]>;
  /** Throws USAGE. */
  readonly add: (wanted: WantedSource) => Promise<SourceJson>;
  /** Throws SOURCE_NOT_FOUND. */
  readonly change: (name: string, change: SourceChange) => Promise<void>;
}

const MAX_NAME_CHARS = 100;

/** A source of that kind, called as it usually is. Throws USAGE. */
export function sourceFrom({ kind: kindName, argument, settings, allowPrivateNetwork }: WantedSource): SourceState {
  const kind = sourceKindNamed(kindName);
  const given: Record<string, unknown> = { ...settings };
  if (argument !== undefined) {
    if (kind.argument === undefined) throw new AppError('USAGE', { message: `${kindName} takes no "${argument}"` });
    given[kind.argument] = argument;
  }
  const known = kind.settingsOf(given);
  return newSource({ name: kind.nameOf(known), kind: kindName, settings: { ...known }, allowPrivateNetwork });
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

function checkedName(name: string): string {
  if (name.trim() === name && name !== '' && name.length <= MAX_NAME_CHARS && !/\p{Cc}/u.test(name)) return name;
  throw new AppError('USAGE', { message: `a source cannot be called "${name}"` });
}

async function list(workspace: Workspace): Promise<SourceJson[]> {
  await workspace.reload();
  const now = Date.now();
  return workspace.state.sources.map((source) => sourceJson(source, now));
}

async function add(workspace: Workspace, wanted: WantedSource): Promise<SourceJson> {
  const source = sourceFrom(wanted);
  let { name } = source;
  await workspace.updateSources((sources) => {
    const held = sameSource(sources, source);
    if (held) throw new AppError('USAGE', { message: `this is the source "${held.name}", which is there already` });
    if (wanted.name !== undefined && sources.some((known) => known.name === wanted.name)) {
      throw new AppError('USAGE', { message: `there is a source called "${wanted.name}" already` });
    }
    name = wanted.name === undefined ? freeName(sources, source.name) : checkedName(wanted.name);
    return [...sources, { ...source, name }];
  });
  return sourceJson({ ...source, name }, Date.now());
}

async function change(workspace: Workspace, name: string, wanted: SourceChange): Promise<void> {
  await workspace.updateSources((sources) => {
    if (!sources.some((source) => source.name === name)) throw new AppError('SOURCE_NOT_FOUND', { source: name });
    if (wanted === 'remove') return sources.filter((source) => source.name !== name);
    // Whoever resumes a source wants it now; what a server asked for still holds.
    const standing = wanted === 'pause' ? { paused: true } : { paused: false, nextTry: null };
    return sources.map((source) => (source.name === name ? { ...source, ...standing } : source));
  });
}

/** The list as it is kept in `workspace.json`, for the command line and the server alike. */
export function sourceListOf(workspace: Workspace): SourceList {
  return {
    kinds: SOURCE_KINDS.map(({ kind, about, argument, options }) => ({
      kind,
      about,
      argument: argument ?? null,
      options,
    })),
    list: () => list(workspace),
    add: (wanted) => add(workspace, wanted),
    change: (name, wanted) => change(workspace, name, wanted),
  };
}
