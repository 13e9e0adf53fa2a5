import { AppError } from '../../errors.ts';
import { arxiv } from './arxiv.ts';
import { biorxiv } from './biorxiv.ts';
import type { SourceKind } from './contract.ts';
import { folder } from './folder.ts';
import { huggingface } from './huggingface.ts';
import { oai } from './oai.ts';
import { rss } from './rss.ts';
import { zotero } from './zotero.ts';

export { type Bases, type Plan, type SourceKind } from './contract.ts';
export { type Clock, createHttp, type Http, SYSTEM_CLOCK } from './http.ts';
export { dayOf } from './days.ts';

export const SOURCE_KINDS: readonly SourceKind[] = [arxiv, biorxiv, huggingface, oai, rss, folder, zotero];

export function findSourceKind(name: string): SourceKind | undefined {
  return SOURCE_KINDS.find(({ kind }) => kind === name);
}

/** The kind of that name. Throws USAGE with the names there are. */
export function sourceKindNamed(name: string): SourceKind {
  const found = findSourceKind(name);
  if (found) return found;
  const names = SOURCE_KINDS.map(({ kind }) => kind).join(', ');
  throw new AppError('USAGE', { message: `there is no kind of source called "${name}"; kinds are ${names}` });
}
