import { dot } from '../domain/dot.ts';
import type { Filter, OnboardingPaper, PaperKey, Person } from '../domain/mod.ts';
import type { Engine } from '../engine/mod.ts';
import type { Retrieval } from '../retrieval/mod.ts';
import type { Store } from '../store/mod.ts';
import { WEAK } from './candidates.ts';
import { cover } from './cover.ts';
import { direction, type ProfileOf } from './profile.ts';
import { HAS_WORDS } from './voices.ts';

export interface OnboardingRequest {
  readonly person: Person;
  readonly k: number;
  readonly filter: Filter;
  /** What the person says to be interested in, where they do. */
  readonly text?: string | undefined;
}

export interface OnboardingParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly retrieval: Pick<Retrieval, 'search'>;
  readonly profileOf: ProfileOf;
}

/** Papers that are chosen from: more cost a quarter of a second each time and change little. */
const SAMPLE = 600;
/** Drawn for it, since a filter lets only some through. */
const DRAWN = 6_000;
const SEED = 2;
/** What fits a text is at most so much of a library, and so many times what is asked for: else a small one fits it whole. */
const FITTING = { share: 0.1, timesK: 3 };

/**
 * Papers whose answers, liked or not, tell most about a person: they stand for different parts of the library, and of those for
 * the ones that one is unsure of. With a text or a filter, for the parts that fit these.
 */
export function createOnboarding({ engine, store, retrieval, profileOf }: OnboardingParts) {
  async function drawn({ text, filter, k }: OnboardingRequest): Promise<PaperKey[]> {
    if (text === undefined || !HAS_WORDS.test(text)) {
      return (await engine.passing(filter, store.sample(DRAWN, SEED))).slice(0, SAMPLE);
    }
    const fitting = Math.max(FITTING.timesK * k, Math.round(FITTING.share * engine.counts().documents));
    const { hits } = await retrieval.search({
      ...{
        query: text,
        k: Math.min(SAMPLE, fitting),
        mode: 'hybrid',
        filter,
        explain: false,
        lastWord: 'whole',
        evidence: 'none',
      },
    });
    return hits.flatMap(({ paper }) => store.findKey(paper.id) ?? []);
  }

  return async function onboarding(request: OnboardingRequest): Promise<OnboardingPaper[]> {
    const { common, voices, directions, signals } = await profileOf(request.person);
    const answered = new Set([...signals.library(), ...signals.feedback()].map(({ paper }) => store.findKey(paper)));
    const keys = (await drawn(request)).filter((key) => !answered.has(key));
    const [papers, vectors] = [store.papers(keys), await engine.vectors(keys)];
    const liked = directions.filter((found, i) => found && (voices[i]?.weight ?? 0) > 0);
    const choices = papers.flatMap((paper, i) => {
      const vector = vectors[i];
      if (!paper || !vector || !common || paper.abstract === '' || paper.withdrawn) return [];
      const own = direction(vector, common);
      const nearness = liked.reduce((most, voice) => Math.max(most, voice ? dot(own, voice) : 0), 0);
      // What is surely liked, or surely not, needs no asking.
      const weight = liked.length === 0 ? 1 : Math.max(0, 1 - Math.abs(nearness - WEAK) / WEAK);
      return [{ paper, vector: own, weight }];
    });
    return cover(choices, request.k).flatMap(({ at, share }) => {
      const paper = choices[at]?.paper;
      return paper ? [{ paper, share }] : [];
    });
  };
}

export type Onboarding = ReturnType<typeof createOnboarding>;
