import type {
  DigestPreview,
  DigestSettings,
  Feed,
  FeedUrl,
  MadeFeedUrl,
  OnboardingPaper,
  ProfileJson,
  TopicJson,
  Trending,
  TrendingPeriod,
} from '../../domain/mod.ts';
import { isRecord, type Request } from './requests.ts';

/** Items of a page of a feed: a sitting. */
const FEED_PAGE = 12;
/** Papers of a page of what is trending. */
const TRENDING_PAGE = 50;

const isFeed = (body: unknown): body is Feed => isRecord(body) && Array.isArray(body['items']) && 'next' in body;
const isTrending = (body: unknown): body is Trending =>
  isRecord(body) && Array.isArray(body['items']) && 'earlier' in body;
const isProfile = (body: unknown): body is ProfileJson => isRecord(body) && Array.isArray(body['interests']);
const isOnboarding = (body: unknown): body is { readonly papers: readonly OnboardingPaper[] } =>
  isRecord(body) && Array.isArray(body['papers']);
const isTopics = (body: unknown): body is { readonly topics: readonly TopicJson[] } =>
  isRecord(body) && Array.isArray(body['topics']);
const isSettings = (body: unknown): body is DigestSettings => isRecord(body) && 'schedule' in body;
const isPreview = (body: unknown): body is DigestPreview => isRecord(body) && 'page' in body;
const isFeedUrls = (body: unknown): body is { readonly feedUrls: readonly FeedUrl[] } =>
  isRecord(body) && Array.isArray(body['feedUrls']);

/** Addresses of web feeds, as the server tells them once. */
export const isMadeFeedUrl = (body: unknown): body is MadeFeedUrl =>
  isRecord(body) && typeof body['atom'] === 'string' && typeof body['id'] === 'number';

/** A page of a feed: the first of a new one, or what follows a cursor. */
export function feedRequest(interest: string, cursor: string | undefined): Request<Feed> {
  const parameters = new URLSearchParams({ k: String(FEED_PAGE) });
  if (interest) parameters.set('topic', interest);
  if (cursor !== undefined) parameters.set('cursor', cursor);
  return { url: `/api/feed?${parameters}`, reads: isFeed };
}

export const profileRequest: Request<ProfileJson> = { url: '/api/profile', reads: isProfile };
export const topicsRequest: Request<{ readonly topics: readonly TopicJson[] }> = {
  url: '/api/topics',
  reads: isTopics,
};
export const digestRequest: Request<DigestSettings> = { url: '/api/digest/schedule', reads: isSettings };
export const previewRequest: Request<DigestPreview> = { url: '/api/digest/preview', reads: isPreview };
export const feedUrlsRequest: Request<{ readonly feedUrls: readonly FeedUrl[] }> = {
  url: '/api/feed-urls',
  reads: isFeedUrls,
};

export interface OnboardingParameters {
  readonly k: number;
  readonly filter: string;
  readonly text: string;
}

export function onboardingRequest({
  k,
  filter,
  text,
}: OnboardingParameters): Request<{ readonly papers: readonly OnboardingPaper[] }> {
  const parameters = new URLSearchParams({ k: String(k) });
  if (filter) parameters.set('filter', filter);
  if (text.trim()) parameters.set('text', text.trim());
  return { url: `/api/onboarding?${parameters}`, reads: isOnboarding };
}

export function trendingRequest(period: TrendingPeriod, date: string): Request<Trending> {
  const parameters = new URLSearchParams({ period, k: String(TRENDING_PAGE) });
  if (date) parameters.set('date', date);
  return { url: `/api/trending?${parameters}`, reads: isTrending };
}
