export type { FeedFor, FeedRequest, LastingId, Letter, Mailer, MailOutcome } from './contract.ts';
export { createDigests, type DigestParts, type DigestReport, type Digests } from './digest/digests.ts';
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
export { feedAddresses, WEB_FEED_FORMATS, type WebFeedFormat } from './web-feed/formats.ts';
export { createWebFeeds, type WebFeed, type WebFeedParts, type WebFeeds } from './web-feed/web-feeds.ts';
