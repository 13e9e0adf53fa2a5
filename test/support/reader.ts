import { onTestFinished } from 'vitest';
import type { FeedFor, LastingId } from '../../src/delivery/mod.ts';
import type { Paper, Person } from '../../src/domain/mod.ts';
import { People, type Store } from '../../src/store/mod.ts';
import { feedsOf } from './feeds.ts';
import { openStore, paper, temporaryWorkspace } from './library.ts';

export interface Reader {
  readonly workspace: string;
  readonly people: People;
  readonly person: Person;
  readonly store: Store;
  readonly feedFor: FeedFor;
  readonly lastingId: LastingId;
  readonly lastKey: () => number;
}

/** A workspace with papers in it and a feed of those that the person has not been shown. */
export async function reader(papers: readonly Paper[] = somePapers()): Promise<Reader> {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  store.ingest(papers.map((paper) => ({ source: 'invented', paper })));
  const people = People.open(workspace);
  onTestFinished(() => people.close());
  return { workspace, people, person: people.person(), store, ...feedsOf(store, people) };
}

/** Three plain ones. */
export const somePapers = (): Paper[] =>
  ['2611.00001', '2611.00002', '2611.00003'].map((id) =>
    paper({
      ...{ id, title: `What ${id} found`, abstract: `It found ${id}. Then more.`, date: '2026-11-20', year: 2026 },
      ...{ authors: ['Edda Quill', 'Bo Marsh'], venue: 'J. Finds' },
    }),
  );

/** A paper as a hostile source would write it. */
export const hostilePaper = (): Paper =>
  paper({
    id: '2611.66666',
    title: 'Bad\r\nBcc: eve@example.org\u202E <script>alert(1)</script> "q" & $\\mathcal{O}(n)$ ]]> [[save]]',
    abstract: `<img src=x onerror=alert(1)> & ]]> \u0007bell \u202Eturned ${'unbreakable'.repeat(40)}. End.`,
    authors: ['<b>Mallory</b>\r\nX: y', 'Ève "Q" O’Hara'],
    venue: '</p></td><script>1</script>',
    url: 'javascript:alert(1)',
    date: '2026-11-21',
  });
