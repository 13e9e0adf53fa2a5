import type { Reading } from '../collection/contract.ts';
import { formatPaperId, ID_SCHEMES, type Paper, type PaperKey, parsePaperId } from '../domain/mod.ts';
import type { Store } from '../store/mod.ts';
import { type ImportInput, type ImportOptions, importPapers, type ImportParts, type ImportResult } from './import.ts';

/** Imports the papers of the inputs that the store does not have. `ids` finds all that were read, those it had too. */
export async function importMissing(
  inputs: readonly ImportInput[],
  parts: ImportParts,
  options: ImportOptions,
): Promise<ImportResult & { readonly ids: readonly string[] }> {
  const ids: string[] = [];
  const missing = inputs.map((input): ImportInput => ({
    ...input,
    open: (onBytes) => missingFrom(input.open(onBytes), { ...input, store: parts.store, found: (id) => ids.push(id) }),
  }));
  return { ...(await importPapers(missing, parts, options)), ids };
}

async function* missingFrom(
  readings: AsyncIterable<Reading>,
  { source, store, found }: { readonly source: string; readonly store: Store; readonly found: (id: string) => void },
): AsyncGenerator<Reading> {
  for await (const reading of readings) {
    if (reading.kind !== 'paper') {
      // Of a withdrawal there is nothing to keep, and it is not this file's to say.
      if (reading.kind === 'rejected') yield reading;
      continue;
    }
    const { paper } = reading;
    const key = knownAs(paper, store);
    const known = key === undefined ? undefined : store.lastingId(key);
    // A collection's own id may be another paper's elsewhere: it is looked up with its source once it is stored.
    const own = parsePaperId(paper.id).scheme === 'local' ? `${source}:${paper.id}` : paper.id;
    found(known ?? own);
    if (known === undefined) yield reading;
  }
}

/** By the ids that name one paper everywhere. One that the store knows by its title alone is merged as it is imported. */
function knownAs({ ids }: Paper, store: Store): PaperKey | undefined {
  for (const scheme of ID_SCHEMES) {
    const value = ids[scheme];
    if (value === undefined || scheme === 'local' || scheme === 'url') continue;
    const key = store.findKey(formatPaperId({ scheme, value }));
    if (key !== undefined) return key;
  }
  return undefined;
}
