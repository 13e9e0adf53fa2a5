import { dot } from '../domain/dot.ts';

/** A paper of a library, at unit length with what all papers have in common taken out. */
export interface Placed {
  readonly paper: string;
  readonly vector: Float32Array;
}

/** Papers about one thing. */
export interface Group {
  /** The interest they were found to be before; `undefined` for a new one. */
  readonly id: number | undefined;
  /** Put together, or changed otherwise, by the person: papers may join it, none of its own leaves. */
  readonly held: boolean;
  readonly papers: readonly string[];
}

/**
 * A paper joins what it has at least this cosine with. Of 100 readers of papers20k the median of two liked papers is .24, and of
 * a paper and the nearest of eight that a reader likes .35 where the reader likes it too, .11 where not.
 */
const JOINS = 0.3;
/** Passes over all papers; of 500 papers hardly any moves after so many. */
const ROUNDS = 5;
/** More are not read through; the two most alike are made one until there are no more. */
export const MAX_GROUPS = 12;
/**
 * Groups are about one thing where two papers, one of each, have at least this cosine in the mean. What began as groups of a few
 * papers on 3-D scenes had .22 and .29 with the rest of them in a library of papers of 2025, and the twelve groups of the sample
 * library .14 at most. Of the groups of 60 readers of papers20k, three in four pairs have less than .18.
 */
const ALIKE = 0.2;

interface Forming {
  readonly id: number | undefined;
  readonly held: boolean;
  members: Placed[];
  centre: Float32Array;
}

function sumOf(members: readonly Placed[]): Float32Array {
  const sum = new Float32Array(members[0]?.vector.length ?? 0);
  for (const { vector } of members) for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
  return sum;
}

function centreOf(members: readonly Placed[]): Float32Array {
  const sum = sumOf(members);
  const length = Math.sqrt(dot(sum, sum));
  return length > 0 ? sum.map((value) => value / length) : sum;
}

/** To the middle of a group; of one that its person put together of different things, to the nearest of its papers. */
function nearness(vector: Float32Array, { held, members, centre }: Forming): number {
  const toCentre = dot(vector, centre);
  return held ? members.reduce((most, member) => Math.max(most, dot(vector, member.vector)), toCentre) : toCentre;
}

function nearest(
  vector: Float32Array,
  groups: readonly Forming[],
): { readonly group: Forming; readonly cosine: number } | undefined {
  let best: { group: Forming; cosine: number } | undefined;
  for (const group of groups) {
    const cosine = nearness(vector, group);
    if (!best || cosine > best.cosine) best = { group, cosine };
  }
  return best;
}

/** The two groups most alike, by the mean cosine of their papers (average linkage; Sokal and Michener 1958); never two held ones. */
function mostAlike(
  groups: readonly Forming[],
): { readonly a: Forming; readonly b: Forming; readonly cosine: number } | undefined {
  const full = groups.filter(({ members }) => members.length > 0);
  const means = full.map(({ members }) => sumOf(members).map((value) => value / members.length));
  let best: { a: Forming; b: Forming; cosine: number } | undefined;
  for (const [i, a] of full.entries()) {
    for (const [j, b] of full.entries()) {
      const [one, other] = [means[i], means[j]];
      if (j <= i || !one || !other || (a.held && b.held)) continue;
      const cosine = dot(one, other);
      if (!best || cosine > best.cosine) best = { a, b, cosine };
    }
  }
  return best;
}

function merge(groups: Forming[], a: Forming, b: Forming): void {
  const [kept, gone] = b.held ? [b, a] : [a, b];
  kept.members.push(...gone.members);
  kept.centre = centreOf(kept.members);
  groups.splice(groups.indexOf(gone), 1);
}

/** Until they are few enough. What its person changed and has no papers is no reason to merge the others. */
function mergeSurplus(groups: Forming[]): void {
  while (groups.filter(({ members }) => members.length > 0).length > MAX_GROUPS) {
    const pair = mostAlike(groups);
    if (!pair) return;
    merge(groups, pair.a, pair.b);
  }
}

/** Those about one thing. What its person changed takes in single papers, not whole interests. */
function mergeAlike(groups: Forming[]): void {
  for (;;) {
    const pair = mostAlike(groups.filter(({ held }) => !held));
    if (!pair || pair.cosine < ALIKE) return;
    merge(groups, pair.a, pair.b);
  }
}

/**
 * Groups a library by what its papers are about: each joins the nearest group, or begins one, and then all move to the nearest
 * until they rest (a leader clustering followed by spherical k-means; Hartigan 1975, Dhillon and Modha 2001), and groups about
 * one thing become one. It starts from the groups there were, so that a new paper changes little; the same start gives the same
 * groups. `papers`: the oldest first.
 */
export function groupPapers(papers: readonly Placed[], before: readonly Group[]): Group[] {
  const placed = new Map(papers.map((each) => [each.paper, each]));
  const groups: Forming[] = before.flatMap(({ id, held, papers: members }) => {
    const known = members.flatMap((paper) => placed.get(paper) ?? []);
    return known.length > 0 || held ? [{ id, held, members: known, centre: centreOf(known) }] : [];
  });
  const fixed = new Set(before.flatMap(({ held, papers: members }) => (held ? members : [])));
  const started = new Set(groups.flatMap(({ members }) => members.map(({ paper }) => paper)));
  for (const each of papers.filter(({ paper }) => !started.has(paper))) {
    const near = nearest(each.vector, groups);
    if (near && near.cosine >= JOINS) {
      near.group.members.push(each);
      near.group.centre = centreOf(near.group.members);
    } else groups.push({ id: undefined, held: false, members: [each], centre: each.vector });
  }
  mergeSurplus(groups);
  for (let round = 0; round < ROUNDS; round += 1) {
    const homes = papers.map((each) => {
      const own = groups.find(({ members }) => members.includes(each));
      return fixed.has(each.paper) ? own : (nearest(each.vector, groups)?.group ?? own);
    });
    for (const group of groups) {
      group.members = papers.filter((_, i) => homes[i] === group);
      if (group.members.length > 0) group.centre = centreOf(group.members);
    }
  }
  mergeAlike(groups);
  return groups
    .filter(({ held, members }) => held || members.length > 0)
    .map(({ id, held, members }) => ({ id, held, papers: members.map(({ paper }) => paper) }));
}
