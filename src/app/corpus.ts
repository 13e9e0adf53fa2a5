import { type Config, ownVersion } from '../config.ts';
import type { ImportProgress, ImportSummary } from '../domain/mod.ts';
import { describeFingerprint } from '../encoder/mod.ts';
import { importCorpus, setWorkspace } from '../evaluation/mod.ts';
import { encoderOptions, type OnDownload } from './library.ts';
import { openSearch, type Search } from './search.ts';
import { withWriting } from './writing.ts';

/** Another evaluation may be building the same workspace. */
const BUILD_WAIT_MS = 3_600_000;

/**
 * The search over a corpus, whose workspace is built in `evaluationDir` where it is not there yet; `onBuilt` is then told
 * what was read. Throws FILE_NOT_FOUND, BAD_INPUT and the like, and INTERRUPTED when the signal aborts.
 */
export async function openCorpus(
  config: Config,
  corpus: readonly string[],
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: ImportProgress) => void;
    readonly onBuilt: (summary: ImportSummary) => void;
    readonly onDownload?: OnDownload;
  },
): Promise<Search> {
  const { fingerprint } = await describeFingerprint(encoderOptions(config, undefined, options.onDownload));
  const build = async (workspace: string): Promise<void> => {
    const waiting = { waitMs: BUILD_WAIT_MS, signal: options.signal };
    await withWriting({ ...config, workspace }, waiting, async ({ parts }) => {
      options.onBuilt(await importCorpus(corpus, parts, options));
    });
  };
  const parts = { directory: config.evaluationDir, fingerprint, version: ownVersion(), build };
  const workspace = await setWorkspace(parts, corpus);
  const search = await openSearch({ ...config, workspace }, { create: false, encoder: 'load' });
  await search.follower.catchUp();
  return search;
}
