export type { FeedFor, LastingId, Letter } from './contract.ts';
export { createDigests, type DigestReport, type Digests } from './digest/digests.ts';
export {
  changedSchedule,
  DIGEST_SETTING,
  MAX_DIGEST_PAPERS,
  nextDue,
  scheduleInWords,
  type ScheduleChange,
  scheduleOf,
  unsubscribe,
} from './digest/schedule.ts';
export { createLinks, type Link, type LinkPurpose, type Links } from './links.ts';
export { createMailer } from './mail.ts';
export { feedAddresses, WEB_FEED_FORMATS } from './web-feed/formats.ts';
export { createWebFeeds, type WebFeed, type WebFeeds } from './web-feed/web-feeds.ts';
