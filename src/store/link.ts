import { formatPaperId, type Paper, titleKey } from '../domain/mod.ts';
import { type Claim, compareTexts, IDENTIFYING, isPaper, type SourceRecord } from './source-record.ts';

export const VERDICTS = ['same', 'different'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What the user has settled about two records, by their names (nameOf). */
export interface Decision {
  readonly a: string;
  readonly b: string;
  readonly verdict: Verdict;
}

/**
 * More ids than records of one paper with one title have: what is called so often is a kind of text (Editorial, Preface), which the
 * same people write each year. It keeps one paper from growing without bounds, too.
 */
export const MOST_TWINS = 50;

/**
 * More records than one paper has of different names (nameOf): what so many tell is a volume's id, put on each of its papers,
 * or none at all. Higher than for titles, as a collection kept under a new name each week tells its papers' ids again and
 * again. It keeps one paper from growing without bounds, too.
 */
export const MOST_SHARERS = 200;

/** What tells nothing, as too many have it. */
export interface Common {
  readonly title: (titleKey: string) => boolean;
  /** `sharers`: the names of the records that tell of a paper with the id, as far as they are among those to be linked. */
  readonly id: (claim: Claim, sharers: ReadonlySet<string>) => boolean;
}

/** A record among those to be linked. */
export interface Linked {
  readonly name: string;
  readonly record: SourceRecord;
  readonly claims: readonly Claim[];
  readonly titleKey: string;
}

/** Disjoint sets by union-find; what is joined is never parted again. */
class Parts {
  readonly #parents: number[];
  #apart: readonly (readonly [number, number])[] = [];

  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_, i) => i);
  }

  keepApart(pairs: readonly (readonly [number, number])[]): void {
    this.#apart = pairs;
  }

  find(node: number): number {
    let root = node;
    for (let parent = this.#parents[root]; parent !== undefined && parent !== root; parent = this.#parents[root]) {
      root = parent;
    }
    this.#parents[node] = root;
    return root;
  }

  /** Makes two parts one, unless something of the one must stay apart from something of the other. */
  join(a: number, b: number): boolean {
    const [one, other] = [this.find(a), this.find(b)];
    if (one === other) return true;
    const forbidden = this.#apart.some(([x, y]) => {
      const [left, right] = [this.find(x), this.find(y)];
      return (left === one && right === other) || (left === other && right === one);
    });
    if (!forbidden) this.#parents[Math.max(one, other)] = Math.min(one, other);
    return !forbidden;
  }
}

// Generational suffixes follow the family name: "Martin Luther King Jr." is King.
const SUFFIX = /\s+(?:jr|sr|ii|iii|iv)\.?$/iu;

function surname(author: string): string {
  const [last, given] = author.split(',', 2);
  const name = given === undefined ? (author.trim().replace(SUFFIX, '').split(/\s+/).at(-1) ?? '') : (last ?? '');
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .trim();
}

interface Written {
  readonly node: number;
  readonly surnames: ReadonlySet<string>;
  readonly year: number | undefined;
}

/** Whether two records with the same title are of one paper: a shared author, and years at most 1 apart. */
function areTwins(a: Written, b: Written): boolean {
  const near = a.year === undefined || b.year === undefined || Math.abs(a.year - b.year) <= 1;
  return near && [...a.surnames].some((name) => b.surnames.has(name));
}

// Half of the words of two titles in common: an edited title is still the same paper's, two papers' share less.
const ALIKE_WORDS = 0.5;

/** Whether two records under one id of a collection's own are plausibly of one paper. */
function areAlike(a: Paper, b: Paper): boolean {
  if (a.abstract !== '' && a.abstract === b.abstract) return true;
  const wordsOf = ({ title }: Paper): Set<string> => new Set(titleKey(title).split(' '));
  const [ours, theirs] = [wordsOf(a), wordsOf(b)];
  const shared = [...ours].filter((word) => theirs.has(word)).length;
  return shared >= ALIKE_WORDS * Math.max(ours.size, theirs.size);
}

/** Groups by a name, in the order of the names. */
function grouped<T>(entries: Iterable<readonly [name: string, value: T]>): [name: string, values: T[]][] {
  const groups = new Map<string, T[]>();
  for (const [name, value] of entries) {
    const group = groups.get(name);
    if (group) group.push(value);
    else groups.set(name, [value]);
  }
  return [...groups.entries()].sort(([a], [b]) => compareTexts(a, b));
}

/** Joins each pair that the test lets through, earlier ones first. */
function joinPairs<T extends { readonly node: number }>(
  parts: Parts,
  values: readonly T[],
  test: (a: T, b: T) => boolean,
): void {
  values.forEach((b, at) => {
    for (let i = 0; i < at; i += 1) {
      const a = values[i];
      if (a && parts.find(a.node) !== parts.find(b.node) && test(a, b)) parts.join(a.node, b.node);
    }
  });
}

/** Joins all to one; what must stay apart from it, to the first that it need not stay apart from. */
function joinAll(parts: Parts, nodes: readonly number[]): void {
  const heads: number[] = [];
  for (const node of nodes) {
    if (!heads.some((head) => parts.join(head, node))) heads.push(node);
  }
}

/**
 * Which records are of one paper: those with the same name, those that the user called the same, those that share an id,
 * those that two collections file under one own id and that are alike, and those with the same title, a shared author and years at most 1 apart; and so on from each to the next. Ids and titles that are `common` tell nothing. Two that the user called different
 * never end up together: where links would lead from the one to the other, the first links hold, in the order given here.
 * Depends on the records and decisions alone, not on their order.
 */
export function linkRecords<R extends Linked>(
  records: readonly R[],
  decisions: readonly Decision[],
  common: Common,
): R[][] {
  const sorted = records.toSorted(
    (a, b) =>
      compareTexts(a.name, b.name) || compareTexts(a.record.source.toLowerCase(), b.record.source.toLowerCase()),
  );
  const names = [...new Set(sorted.map(({ name }) => name))];
  const nodes = new Map(names.map((name, node) => [name, node]));
  const all = sorted.flatMap((linked) => {
    const node = nodes.get(linked.name);
    return node === undefined ? [] : [{ linked, node }];
  });
  const parts = new Parts(names.length);
  const decided = (verdict: Verdict): [number, number][] =>
    decisions
      .filter((decision) => decision.verdict === verdict)
      .sort((x, y) => compareTexts(x.a, y.a) || compareTexts(x.b, y.b))
      .flatMap(({ a, b }) => {
        const [one, other] = [nodes.get(a), nodes.get(b)];
        return one === undefined || other === undefined ? [] : [[one, other]];
      });
  parts.keepApart(decided('different'));
  for (const [a, b] of decided('same')) parts.join(a, b);
  if (names.length > 1) linkByIds(parts, all, common);
  if (names.length > 1) linkByTitles(parts, all, common);
  return grouped(all.map(({ linked, node }) => [String(parts.find(node)), linked])).map(([, group]) => group);
}

interface Node {
  readonly linked: Linked;
  readonly node: number;
}

interface Naming {
  readonly claim: Claim;
  readonly source: string;
  readonly name: string;
  readonly record: SourceRecord;
  readonly node: number;
}

/** Without the ids that tell nothing, or that records of one name alone tell. */
function telling(naming: readonly Naming[], common: Common): Naming[] {
  return grouped(naming.map((each) => [formatPaperId(each.claim), each])).flatMap(([, group]) => {
    const [first, ...others] = group;
    if (!first || others.every(({ name }) => name === first.name)) return [];
    const sharers = new Set(group.filter(({ record }) => isPaper(record)).map(({ name }) => name));
    return common.id(first.claim, sharers) ? [] : group;
  });
}

function linkByIds(parts: Parts, all: readonly Node[], common: Common): void {
  const named = all.flatMap(({ linked: { name, record, claims }, node }) =>
    claims
      .filter(({ scheme }) => IDENTIFYING.has(scheme) || scheme === 'local')
      .map((claim) => ({ claim, source: claim.source.toLowerCase(), name, record, node })),
  );
  const naming = telling(named, common);
  const byId = grouped(
    naming.map(({ claim: { scheme, value }, source, node }) => [JSON.stringify([scheme, value, source]), node]),
  );
  for (const [, group] of byId) joinAll(parts, group);
  const own = naming.filter(({ claim, record }) => claim.scheme === 'local' && isPaper(record));
  for (const [, group] of grouped(own.map((each) => [each.claim.value, each]))) {
    joinPairs(
      parts,
      group,
      (a, b) => isPaper(a.record) && isPaper(b.record) && areAlike(a.record.paper, b.record.paper),
    );
  }
}

function linkByTitles(parts: Parts, all: readonly Node[], common: Common): void {
  const written = all.flatMap(({ linked: { record, titleKey }, node }): [string, Written][] => {
    // A title of signs alone is no title to know a paper by.
    if (!isPaper(record) || titleKey === '') return [];
    const surnames = new Set(record.paper.authors.map(surname).filter((name) => name !== ''));
    return [[titleKey, { node, surnames, year: record.paper.year }]];
  });
  for (const [titleKey, group] of grouped(written)) {
    if (group.length > 1 && !common.title(titleKey)) joinPairs(parts, group, areTwins);
  }
}
