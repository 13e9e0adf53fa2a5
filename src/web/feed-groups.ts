import type { FeedbackKind, FeedItem, Fewer, HiddenKind, InterestJson, ProfileJson } from '../domain/mod.ts';

/** Items of one page that stand for one interest; `undefined` for those of none. */
export interface FeedGroup {
  readonly interest: FeedItem['interest'];
  readonly kind: 'interest' | 'other' | 'exploration';
  readonly items: readonly FeedItem[];
}

const kindOf = ({ interest, exploration }: FeedItem): FeedGroup['kind'] =>
  exploration ? 'exploration' : interest ? 'interest' : 'other';

/** A page by interests, in the order of the best item of each; what is there to find something out comes last. */
export function groupsOf(items: readonly FeedItem[]): FeedGroup[] {
  const groups = new Map<string, FeedGroup>();
  for (const item of items) {
    const kind = kindOf(item);
    const interest = kind === 'interest' ? item.interest : null;
    const key = `${kind} ${interest?.id ?? ''}`;
    groups.set(key, { interest, kind, items: [...(groups.get(key)?.items ?? []), item] });
  }
  const all = [...groups.values()];
  return [...all.filter(({ kind }) => kind !== 'exploration'), ...all.filter(({ kind }) => kind === 'exploration')];
}

/** What the reader has said, of which some items of a feed are gone. */
export interface Said {
  readonly feedbackOn: (paper: string) => FeedbackKind | undefined;
  readonly profile:
    (Pick<ProfileJson, 'hidden'> & { readonly interests: readonly Pick<InterestJson, 'id' | 'muted'>[] }) | undefined;
}

const HIDES = { 'hide-author': 'author', 'hide-venue': 'venue', 'hide-term': 'term' } as const;

/** What an action hides; `undefined` for one that hides nothing. */
export function hiddenBy({ action }: Pick<Fewer, 'action'>): HiddenKind | undefined {
  return action === 'hide-author' || action === 'hide-venue' || action === 'hide-term' ? HIDES[action] : undefined;
}

/** Names one thing that makes items leave. */
export const fewerKey = ({ action, value }: Pick<Fewer, 'action' | 'value'>): string => `${action} ${value}`;

function isInEffect(fewer: Fewer, { feedbackOn, profile }: Said): boolean {
  const { action, value } = fewer;
  if (action === 'not-this-kind' || action === 'not-this-paper') return feedbackOn(value) === action;
  if (action === 'mute-interest')
    return profile?.interests.some(({ id, muted }) => String(id) === value && muted) ?? false;
  const kind = hiddenBy(fewer);
  return profile?.hidden.some((hidden) => hidden.kind === kind && hidden.value === value) ?? false;
}

/** Why a paper is gone from the feed; its `place` keeps a line that says so and takes it back, or nothing. */
export interface Gone {
  readonly fewer: Fewer;
  readonly place: 'line' | 'nothing';
  /** How many items went for the same reason. */
  readonly items: number;
}

/**
 * The items that are gone for what was said since the feed was made, by paper. `actedOn`: at which paper it was said, where that
 * is known; the line stands there, else at the first.
 */
export function goneFrom(
  items: readonly FeedItem[],
  said: Said,
  actedOn: ReadonlyMap<string, string>,
): ReadonlyMap<string, Gone> {
  const causes = new Map<string, { readonly fewer: Fewer; readonly papers: Set<string> }>();
  for (const { paper, fewer } of items) {
    for (const one of fewer) {
      if (!isInEffect(one, said)) continue;
      const cause = causes.get(fewerKey(one)) ?? { fewer: one, papers: new Set() };
      for (const id of [paper.id, ...one.others]) cause.papers.add(id);
      causes.set(fewerKey(one), cause);
    }
  }
  const shown = new Set(items.map(({ paper }) => paper.id));
  const gone = new Map<string, Gone>();
  for (const [key, { fewer, papers }] of causes) {
    const here = items.flatMap(({ paper }) => (papers.has(paper.id) ? [paper.id] : []));
    const said = actedOn.get(key) ?? (shown.has(fewer.value) ? fewer.value : here[0]);
    for (const id of here) {
      const before = gone.get(id);
      if (before?.place === 'line' || (before && id !== said)) continue;
      gone.set(id, { fewer, place: id === said ? 'line' : 'nothing', items: here.length });
    }
  }
  return gone;
}
