import { dot } from '../domain/dot.ts';
import type { PaperKey } from '../domain/mod.ts';
import { type Engine, UNDATED } from '../engine/mod.ts';
import { type Interest, interestsOf, unitSum, type Weighted } from './interests.ts';
import { nearnessOf, scoresOf, smoothed } from './score.ts';

/** What of the person's own doing says something of a paper. */
export interface Signal {
  readonly key: PaperKey;
  /** Positive for what is liked, negative for what is dismissed; 1 for a saved paper. */
  readonly weight: number;
}

/** A person's taste, learned from nothing but the person's papers. */
export interface Profile {
  readonly signals: readonly Signal[];
  /** Unit length: of what is liked, less half of what is dismissed; absent while none of it has an embedding. */
  readonly mean: Float32Array | undefined;
  readonly interests: readonly Interest[];
  /** Day of the newest liked paper, `UNDATED` where none has a date. */
  readonly newest: number;
}

/** A pool in order. */
export interface Ranking {
  /** Best first. */
  readonly keys: Int32Array;
  readonly scores: Float32Array;
}

export type RankingEngine = Pick<Engine, 'vectors' | 'cosines' | 'days' | 'likeness' | 'likenesses'>;

/** As Rocchio's formula is commonly set, and as for related papers. The readers measured dismiss nothing. */
const DISMISSED_WEIGHT = 0.5;
/** What lies past the model's cut, beside the text before it, 1 (.3 and .7 the same; without it .002 less AUC). */
const REST_WEIGHT = 0.5;
/** Candidates looked at interest by interest: all others are too far from everything (20,000 so would take 110 ms). */
const CLOSELY = 2500;
/** Candidates smoothed: 200 and 400 rank alike. */
const SMOOTHED = 200;
/** Papers whose mean stands for the pool's. */
const MEAN_SAMPLE = 1000;

/** Weights of the liked sum to 1, of the dismissed to `DISMISSED_WEIGHT` less than nothing. */
function sharesOf(signals: readonly Signal[]): Float32Array {
  const sum = (sign: number): number =>
    signals.reduce((total, { weight }) => total + Math.max(0, sign * weight), 0) || 1;
  const [liked, dismissed] = [sum(1), sum(-1)];
  return Float32Array.from(signals, ({ weight }) =>
    weight > 0 ? weight / liked : (DISMISSED_WEIGHT * weight) / dismissed,
  );
}

/** Learns a profile; at least one signal must be positive for it to rank anything. */
export async function trainProfile(engine: RankingEngine, signals: readonly Signal[]): Promise<Profile> {
  const shares = sharesOf(signals);
  const vectors = await engine.vectors(signals.map(({ key }) => key));
  const weighted = signals.flatMap((_, i): Weighted[] => {
    const [vector, weight] = [vectors[i], shares[i] ?? 0];
    return vector ? [{ vector, weight }] : [];
  });
  const liked = weighted.filter(({ weight }) => weight > 0);
  const days = await engine.days(Int32Array.from(signals.filter(({ weight }) => weight > 0).map(({ key }) => key)));
  return {
    signals,
    mean: liked.length > 0 ? unitSum(weighted) : undefined,
    interests: interestsOf(liked),
    newest: days.reduce((latest, day) => Math.max(latest, day), UNDATED),
  };
}

/** Cosines with the text as a whole: what lies before the model's cut, and half of what lies past it. */
async function cosinesWith(engine: RankingEngine, vector: Float32Array, keys: Int32Array): Promise<Float32Array> {
  const { whole, rest } = await engine.cosines(vector, keys);
  return whole.map((cosine, at) => {
    const past = rest[at] ?? NaN;
    return Number.isNaN(past) ? cosine : (cosine + REST_WEIGHT * past) / (1 + REST_WEIGHT);
  });
}

/** The mean of the pool's embeddings: what they all have in common tells nothing of a person. */
async function commonOf(engine: RankingEngine, keys: Int32Array): Promise<Float32Array | undefined> {
  const step = Math.max(1, Math.floor(keys.length / MEAN_SAMPLE));
  const vectors = await engine.vectors(Array.from(keys).filter((_, at) => at % step === 0));
  const present = vectors.filter((vector) => vector !== undefined);
  const [first] = present;
  if (!first) return undefined;
  const sum = new Float32Array(first.length);
  for (const vector of present) for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
  return sum.map((value) => value / present.length);
}

/** Cosines less what all papers have in common, of each interest with each candidate; then their soft maximum. */
async function nearnessTo(
  engine: RankingEngine,
  interests: readonly Interest[],
  keys: Int32Array,
  common: Float32Array,
): Promise<Float32Array> {
  const length = dot(common, common);
  const toCommon = await cosinesWith(engine, common, keys);
  const rows = [];
  for (const { centre } of interests) {
    const own = dot(centre, common);
    const cosines = await cosinesWith(engine, centre, keys);
    rows.push(
      cosines.map((cosine, at) => {
        const their = toCommon[at] ?? 0;
        const lengths = (1 - 2 * own + length) * (1 - 2 * their + length);
        return (cosine - own - their + length) / Math.sqrt(Math.max(lengths, 1e-6));
      }),
    );
  }
  return nearnessOf(
    rows,
    interests.map(({ share }) => share),
  );
}

const pick = <A extends Float32Array | Int32Array>(values: A, places: Int32Array, into: A): A => {
  places.forEach((place, at) => {
    into[at] = values[place] ?? 0;
  });
  return into;
};

/** Places of the scores, best first; ties go to the earlier place. */
const order = (scores: Float32Array): Int32Array =>
  Int32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);

/**
 * Ranks candidates by a profile: words and meaning together, closely for those that come first by words and mean. Parts are
 * compared within the pool, so that scores mean something only there.
 */
export async function rankForProfile(engine: RankingEngine, profile: Profile, pool: Int32Array): Promise<Ranking> {
  const papers = profile.signals.map(({ key }) => key);
  const [words, days] = await Promise.all([
    engine.likeness(papers, sharesOf(profile.signals), pool),
    engine.days(pool),
  ]);
  const none = new Float32Array(pool.length).fill(NaN);
  const mean = profile.mean ? await cosinesWith(engine, profile.mean, pool) : none;
  const ages = days.map((day) => (day === UNDATED || profile.newest === UNDATED ? profile.newest : day));
  const first = scoresOf({ words, mean, nearness: mean, days: ages }, profile.newest);
  const places = order(first);
  const close = places.subarray(0, CLOSELY);
  const closeKeys = pick(pool, close, new Int32Array(close.length));
  const common = await commonOf(engine, pool);
  const part = (values: Float32Array): Float32Array => pick(values, close, new Float32Array(close.length));
  const nearness =
    common && profile.interests.length > 0
      ? await nearnessTo(engine, profile.interests, closeKeys, common)
      : part(none);
  const closely = scoresOf(
    { words: part(words), mean: part(mean), nearness, days: pick(ages, close, new Int32Array(close.length)) },
    profile.newest,
  );
  const ranked = order(closely);
  const best = ranked.subarray(0, SMOOTHED);
  const likeness = await engine.likenesses(Array.from(best, (place) => closeKeys[place] ?? 0));
  const lifted = smoothed(pick(closely, best, new Float32Array(best.length)), likeness);
  best.forEach((place, at) => {
    closely[place] = lifted[at] ?? 0;
  });
  // Those looked at less closely come after, in their order and with scores that say so.
  const again = order(closely);
  const lowest = closely[again[again.length - 1] ?? 0] ?? 0;
  const highest = first[places[close.length] ?? 0] ?? 0;
  return {
    keys: Int32Array.from(places, (place, at) => (at < close.length ? closeKeys[again[at] ?? 0] : pool[place]) ?? 0),
    scores: Float32Array.from(places, (place, at) =>
      at < close.length ? (closely[again[at] ?? 0] ?? 0) : lowest + Math.min(0, (first[place] ?? 0) - highest),
    ),
  };
}
