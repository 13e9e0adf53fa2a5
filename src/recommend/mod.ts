export { createFeed, type PersonalFeed } from './feed.ts';
export { createOnboarding, type Onboarding } from './onboarding.ts';
export { createProfiles } from './profile.ts';
export {
  type Profile,
  rankForProfile,
  type Ranking,
  type RankingEngine,
  type Signal,
  trainProfile,
} from './ranking.ts';
export { createReading, type Reading } from './reading.ts';
export { createTrending, createTrends, type TrendingParts, type TrendingRequest } from './trending.ts';
export { RANKING_PARTS, type RankingPart, WEIGHTS } from './score.ts';
export { createFinder, voicesOf } from './voices.ts';
