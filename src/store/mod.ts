export { backUp } from './backup.ts';
export type { StoreCounts } from './counts.ts';
export * from './store.ts';
export type { PendingText } from './embeddings.ts';
export { type Verdict, VERDICTS } from './link.ts';
export type { FeedUrls } from './feed-urls.ts';
export type { Outbox } from './outbox.ts';
export { Desk, type Saying, type TopicChange } from './desk.ts';
export { DEFAULT_PERSON, People, TOKEN_PREFIX } from './people.ts';
export { type LibraryList, LibraryLists, type LibraryQuery } from './library-lists.ts';
export type { StoredSentence } from './sentences.ts';
export type { InterestChange, SavedChange, Signals } from './signals.ts';
export type { SourceRecord } from './source-record.ts';
export type { Traits } from './traits.ts';
export {
  type Lock,
  lockForDigests,
  lockForMap,
  lockForSync,
  lockForWriting,
  newSource,
  type SourceState,
  Workspace,
  WORKSPACE_FILE,
  type WorkspaceState,
} from './workspace.ts';
