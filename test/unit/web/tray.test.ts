import { describe, expect, it } from 'vitest';
import { createDrafts, type TabStorage } from '../../../src/web/api/drafts.ts';
import { createTray, type Collected } from '../../../src/web/api/tray.ts';

/** What a browser's storage does, as far as it is used. */
function storage(refuses: 'nothing' | 'writing' = 'nothing'): TabStorage {
  const held = new Map<string, string>();
  return {
    getItem: (key) => held.get(key) ?? null,
    removeItem: (key) => void held.delete(key),
    key: (at) => [...held.keys()][at] ?? null,
    get length() {
      return held.size;
    },
    setItem(key, value) {
      if (refuses === 'writing') throw new Error('QuotaExceededError');
      held.set(key, value);
    },
  };
}

const paper = (id: string, side: Collected['side'] = 'more'): Collected => ({ id, title: `Title ${id}`, side });

describe('the tray', () => {
  it('holds each paper once, on the side it was put last, and tells who listens', () => {
    const tray = createTray(storage());
    let told = 0;
    const stop = tray.subscribe(() => (told += 1));
    tray.put(paper('a'));
    tray.put(paper('b'));
    tray.put(paper('a', 'less'));
    expect(tray.list()).toEqual([paper('b'), paper('a', 'less')]);
    tray.drop('b');
    stop();
    tray.set([]);
    expect(tray.list()).toEqual([]);
    expect(told).toBe(4);
  });

  it('is the same after a reload', () => {
    const session = storage();
    createTray(session).put(paper('a', 'less'));
    expect(createTray(session).list()).toEqual([paper('a', 'less')]);
  });

  it.each(['no JSON', '{}', '[1, null, {"id": 1}, {"id": "x", "title": "x", "side": "both"}]'])(
    'begins empty where %j was left in its place',
    (left) => {
      const session = storage();
      session.setItem('paperkin.tray', left);
      expect(createTray(session).list()).toEqual([]);
    },
  );

  it('refuses more than can be read at once, but still moves what it holds', () => {
    const tray = createTray(undefined);
    for (let at = 0; at < 50; at += 1) expect(tray.put(paper(`p${at}`))).toBe(true);
    expect(tray.put(paper('one more'))).toBe(false);
    expect(tray.put(paper('p3', 'less'))).toBe(true);
    expect(tray.list()).toHaveLength(50);
  });

  it('works where the browser stores nothing', () => {
    const tray = createTray(storage('writing'));
    expect(tray.put(paper('a'))).toBe(true);
    expect(tray.list()).toEqual([paper('a')]);
  });
});

describe('drafts', () => {
  it.each([storage(), storage('writing'), undefined])('are kept until they are dropped', (session) => {
    const drafts = createDrafts(session);
    drafts.keep('x', 'text');
    expect([drafts.of('x'), drafts.of('y')]).toEqual(['text', undefined]);
    drafts.drop('x');
    expect(drafts.of('x')).toBeUndefined();
  });

  it('are all dropped at once, and nothing else that the tab keeps', () => {
    const session = storage();
    const drafts = createDrafts(session);
    session.setItem('other', 'stays');
    for (const name of ['x', 'y', 'z']) drafts.keep(name, 'text');
    drafts.clear();
    expect(['x', 'y', 'z'].map((name) => createDrafts(session).of(name) ?? drafts.of(name))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(session.getItem('other')).toBe('stays');
  });

  it('outlive a reload', () => {
    const session = storage();
    createDrafts(session).keep('x', 'text');
    expect(createDrafts(session).of('x')).toBe('text');
  });
});
