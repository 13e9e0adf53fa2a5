import { type Config, ownVersion } from '../config.ts';
import type { SyncParts } from '../indexing/mod.ts';
import { type OnDownload, openLibrary } from './library.ts';
import { withWriting } from './writing.ts';

/** An import of any size goes before a batch of a sync. */
const SYNC_WAIT_MS = 24 * 3_600_000;

/** What a sync works with. Throws WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT. */
export async function syncParts(config: Config, onDownload?: OnDownload): Promise<SyncParts> {
  const { contact, maxRequestsPerDay, arxivUrl, biorxivUrl, huggingFaceUrl, zoteroUrl } = config;
  const lock = { waitMs: SYNC_WAIT_MS, ...(onDownload ? { onDownload } : {}) };
  const { workspace, close } = await openLibrary(config, { create: true });
  close();
  return {
    workspace,
    withWriting: (use, signal) => withWriting(config, { ...lock, signal }, use),
    bases: { arxiv: arxivUrl, biorxiv: biorxivUrl, huggingFace: huggingFaceUrl, zotero: zoteroUrl },
    userAgent: `Paperkin/${ownVersion()}${contact === '' ? '' : ` (+${contact})`}`,
    maxRequestsPerDay,
  };
}
