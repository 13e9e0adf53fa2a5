import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/mod.ts';
import { openStore, paper, temporaryWorkspace } from '../../support/library.ts';

const preprint = paper({ id: 'arXiv:2101.00001', title: 'Owls at dusk', authors: ['Edda Quill'] });
const article = paper({ id: '10.1234/owls', title: 'On owls', authors: ['Noor Tal'], venue: 'Owl Letters' });

function filled(): Store {
  const store = openStore(temporaryWorkspace());
  store.ingest([
    { source: 'a', paper: preprint },
    { source: 'b', paper: article },
  ]);
  return store;
}

const total = (store: Store): number => store.counts(0).papers;
const keyOf = (store: Store, id: string): number => store.findKey(id) ?? -1;

describe('papers that the user calls the same', () => {
  it('are one at once, with every id, and followers learn of it', () => {
    const store = filled();
    const [kept, gone] = [keyOf(store, '2101.00001'), keyOf(store, '10.1234/owls')];
    const revision = store.lastRevision();
    store.decide('10.1234/OWLS', 'arXiv:2101.00001v3', 'same');
    expect(total(store)).toBe(1);
    expect(store.paper(kept)).toMatchObject({
      id: 'arXiv:2101.00001',
      venue: 'Owl Letters',
      ids: { doi: '10.1234/owls' },
    });
    expect(store.removedSince(revision).map(({ key }) => key)).toEqual([gone]);
    expect(store.problems()).toEqual([]);
  });

  it('stay one when their records come again or are corrected', () => {
    const store = filled();
    store.decide(preprint.id, article.id, 'same');
    expect(store.ingest([{ source: 'b', paper: article }])).toEqual(['unchanged']);
    store.ingest([{ source: 'b', paper: { ...article, title: 'Something else' } }]);
    store.ingest([{ source: 'c', paper: { ...article, title: 'Something else again' } }]);
    expect(total(store)).toBe(1);
  });

  it('are two again, as before, when that is taken back', () => {
    const store = filled();
    store.decide(preprint.id, article.id, 'same');
    store.undecide(article.id, preprint.id);
    expect(total(store)).toBe(2);
    expect(store.paper(keyOf(store, article.id))?.ids).toEqual({ doi: '10.1234/owls' });
    expect(store.decisionBetween(keyOf(store, preprint.id), keyOf(store, article.id))).toBeUndefined();
    expect(store.problems()).toEqual([]);
  });

  it('settled twice changes nothing', () => {
    const store = filled();
    store.decide(preprint.id, article.id, 'same');
    const revision = store.lastRevision();
    store.decide(article.id, preprint.id, 'same');
    store.decide(article.id, article.id, 'same');
    expect(store.lastRevision()).toBe(revision);
  });
});

describe('papers that the user calls different', () => {
  it('are parted, each what its own records say', () => {
    const store = openStore(temporaryWorkspace());
    const also = { ...article, ids: { doi: '10.1234/owls', arxiv: '2101.00001' } };
    store.ingest([
      { source: 'a', paper: preprint },
      { source: 'b', paper: also },
    ]);
    expect(total(store)).toBe(1);
    store.decide(preprint.id, article.id, 'different');
    expect(total(store)).toBe(2);
    expect(store.paper(keyOf(store, preprint.id))).toEqual(preprint);
    expect(store.paper(keyOf(store, article.id))).toEqual({ ...also, id: 'DOI:10.1234/owls' });
    expect(store.problems()).toEqual([]);
  });

  it('stay apart whatever record would link them later', () => {
    const store = filled();
    store.decide(preprint.id, article.id, 'different');
    const linking = paper({ id: 'S2:x', also: ['2101.00001', '10.1234/owls'] });
    expect(store.ingest([{ source: 'c', paper: linking }])).toEqual(['merged']);
    expect(total(store)).toBe(2);
    expect(keyOf(store, preprint.id)).not.toBe(keyOf(store, article.id));
    expect(store.problems()).toEqual([]);
  });

  it('holds for the papers, not for one spelling or record of them', () => {
    const store = filled();
    store.ingest([{ source: 'c', paper: paper({ id: 'mine', also: ['10.1234/owls', 'PMID:7'] }) }]);
    store.decide('pmid:7', '2101.00001', 'different');
    expect(store.decisionBetween(keyOf(store, article.id), keyOf(store, preprint.id))).toBe('different');
    store.ingest([{ source: 'd', paper: { ...preprint, ids: { arxiv: '2101.00001', doi: '10.1234/owls' } } }]);
    expect(total(store)).toBe(2);
  });

  it('are the same again when the user says so later, by any of their ids', () => {
    const store = filled();
    store.ingest([{ source: 'c', paper: paper({ id: 'mine', also: ['10.1234/owls'] }) }]);
    store.decide(article.id, preprint.id, 'different');
    store.decide('c:mine', preprint.id, 'same');
    expect(total(store)).toBe(1);
    expect(store.decisionBetween(keyOf(store, 'mine'), keyOf(store, 'mine'))).toBe('same');
    store.decide('mine', preprint.id, 'different');
    expect(keyOf(store, 'mine')).not.toBe(keyOf(store, preprint.id));
  });

  it('are told by which record has the id, where it is not a record’s own', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest([
      { source: 'a', paper: preprint },
      { source: 'b', paper: { ...article, ids: { doi: '10.1234/owls', arxiv: '2101.00001', pmid: '7' } } },
    ]);
    store.decide('PMID:7', preprint.id, 'different');
    expect(keyOf(store, 'PMID:7')).toBe(keyOf(store, article.id));
    expect(keyOf(store, article.id)).not.toBe(keyOf(store, preprint.id));
  });

  it('are found by an own id that one source tells of both in whatever order they came', () => {
    const found = [
      [preprint, article],
      [article, preprint],
    ].map((papers) => {
      const store = openStore(temporaryWorkspace());
      store.ingest(papers.map((each) => ({ source: 'a', paper: each })));
      store.decide(preprint.id, article.id, 'different');
      store.ingest(papers.map((each) => ({ source: 'a', paper: { ...each, ids: { ...each.ids, local: 'owls' } } })));
      return store.paper(keyOf(store, 'a:owls'))?.id;
    });
    expect(found).toEqual(['DOI:10.1234/owls', 'DOI:10.1234/owls']);
  });

  it('can be two that collections file under one own id', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest(['a', 'b'].map((source) => ({ source, paper: paper({ id: '1' }) })));
    expect(total(store)).toBe(1);
    store.decide('a:1', 'b:1', 'different');
    expect(total(store)).toBe(2);
    expect([...store.allPapers()].map(({ id }) => id)).toEqual(['a:1', 'b:1']);
    expect(store.findKey('1')).toBeUndefined();
  });
});

describe('a decision', () => {
  it('is none between papers that nobody settled', () => {
    const store = filled();
    expect(store.decisionBetween(keyOf(store, preprint.id), keyOf(store, article.id))).toBeUndefined();
  });

  it('needs two papers that are there', () => {
    const store = filled();
    const decide = () => store.decide(preprint.id, 'arXiv:2101.09999', 'same');
    expect(decide).toThrow(expect.objectContaining({ code: 'PAPER_NOT_FOUND', details: { id: 'arXiv:2101.09999' } }));
  });

  it('cannot part a record from itself', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest([{ source: 'a', paper: paper({ id: 'arXiv:2101.00001', also: ['10.1234/owls'] }) }]);
    const revision = store.lastRevision();
    expect(() => store.decide('2101.00001', '10.1234/owls', 'different')).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    );
    expect(store.lastRevision()).toBe(revision);
  });

  it('is undone with everything else when the work around it fails', async () => {
    const store = filled();
    const work = store.allOrNothing(async () => {
      store.decide(preprint.id, article.id, 'same');
      await Promise.resolve();
      throw new Error('broke off');
    });
    await expect(work).rejects.toThrow('broke off');
    expect(total(store)).toBe(2);
  });
});
