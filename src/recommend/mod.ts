export { createFeed, type PersonalFeed } from './feed.ts';
export { createOnboarding, type Onboarding } from './onboarding.ts';
export { createProfiles } from './profile.ts';
export { createReading, type Reading } from './reading.ts';
export { createTrending, type TrendingParts, type TrendingRequest } from './trending.ts';
export { createFinder } from './voices.ts';
