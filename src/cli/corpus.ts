import { openCorpus, type Search } from '../app/mod.ts';
import type { Context } from './context.ts';
import { downloadDisplay, progressDisplay } from './progress.ts';

/** Opens the search over a corpus, with its progress where it is built first, and says what was rejected. */
export async function openForMeasuring(
  { config, quiet }: Context,
  corpus: readonly string[],
  signal: AbortSignal,
): Promise<Search> {
  const display = progressDisplay(quiet ? 'none' : 'auto');
  try {
    return await openCorpus(config, corpus, {
      signal,
      onProgress: display.show,
      onBuilt: ({ rejectedTotal, rejected: [first] }) => {
        if (quiet || !first) return;
        process.stderr.write(
          `${rejectedTotal} documents rejected, the first in ${first.file}, line ${first.line}: ${first.reason}\n`,
        );
      },
      ...(quiet ? {} : { onDownload: downloadDisplay() }),
    });
  } finally {
    display.stop();
  }
}
