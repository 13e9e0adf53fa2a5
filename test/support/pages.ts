import type { RunningServer } from './server.ts';

/** Papers of the sample library that a reader of it might keep. */
export const KEPT = ['arXiv:1706.03762', 'arXiv:1207.0580', 'arXiv:1312.6114', 'arXiv:1409.0473', 'arXiv:1810.04805'];

/** Every page by what it is called, as a reader with a library sees it. */
export const PAGES: Readonly<Record<string, string>> = {
  start: '/',
  search: '/?q=how+can+unreliable+machines+agree+on+one+order+of+events',
  paper: '/papers/arXiv%3A1706.03762',
  feed: '/feed',
  trending: '/trending',
  library: '/library',
  settings: '/settings',
  map: '/map',
  import: '/import',
  unknown: '/nowhere',
};

/** Makes the person there is from the start a reader. */
export async function makeReader({ url }: Pick<RunningServer, 'url'>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ ids: KEPT, tags: ['attention'] });
  const response = await fetch(`${url}/api/library`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`the library was not saved: ${response.status} ${await response.text()}`);
}
