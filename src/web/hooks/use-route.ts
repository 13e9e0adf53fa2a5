import { useMemo, useSyncExternalStore } from 'react';
import { routeOf, type Route } from '../routes.ts';

/**
 * `typing`: this entry of the history belongs to a query that is still being typed; `paused`: its last word is taken as
 * finished for now. The next key replaces both. `settled`: the reader has seen it, a change makes a new entry.
 */
export type EntryKind = 'typing' | 'paused' | 'settled';

const kindOf = (value: unknown): EntryKind => (value === 'typing' || value === 'paused' ? value : 'settled');

interface Entry {
  readonly key: string;
  readonly kind: EntryKind;
}

const CHANGED = 'paperkin:navigate';

/** A hit and how far below the top of the window it stood. */
interface Anchor {
  readonly paperId: string;
  readonly below: number;
}

/**
 * What is remembered of an entry of the history while the page lives: how far it was scrolled, which hit had the focus, and which
 * stood at the top: hits that were not laid out yet have another height than they will.
 */
interface Left {
  readonly top: number;
  readonly paperId: string | undefined;
  readonly anchor: Anchor | undefined;
}

const left = new Map<string, Left>();
/** Set between the back button and the redrawn page: scrolling in between is the browser's, not the reader's. */
let restoring = false;

/**
 * What the page shows already and the history does not know yet. Browsers refuse more than some 100 changes of the history in
 * 30 s (Safari), which fluent typing reaches: while a query is being typed the history follows in steps.
 */
let ahead: { readonly entry: Entry; readonly path: string } | undefined;
let writing: ReturnType<typeof setTimeout> | undefined;
/** What an entry was ahead of the history with when it was left by the back button: written when the reader comes to it again. */
const unwritten = new Map<string, NonNullable<typeof ahead>>();
const WRITE_EVERY_MS = 400;

function catchUp(): void {
  clearTimeout(writing);
  writing = undefined;
  if (ahead) history.replaceState(ahead.entry, '', ahead.path);
  ahead = undefined;
}

/** Path and query of what is shown. */
const currentPath = (): string => ahead?.path ?? location.pathname + location.search;

function currentEntry(): Entry {
  if (ahead) return ahead.entry;
  const state: unknown = history.state;
  if (typeof state === 'object' && state !== null && 'key' in state && 'kind' in state) {
    return { key: String(state.key), kind: kindOf(state.kind) };
  }
  return { key: 'first', kind: 'settled' };
}

export const entryKind = (): EntryKind => currentEntry().kind;

const hitAround = (element: Element | null | undefined): HTMLElement | null | undefined =>
  element?.closest<HTMLElement>('article[data-paper-id]');

function anchorNow(): Anchor | undefined {
  const hit = hitAround(document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 3));
  const paperId = hit?.dataset['paperId'];
  return hit && paperId !== undefined ? { paperId, below: hit.getBoundingClientRect().top } : undefined;
}

function remember(key: string, top = window.scrollY): void {
  const paperId = hitAround(document.activeElement)?.dataset['paperId'];
  left.set(key, { top, paperId, anchor: top > 0 ? anchorNow() : undefined });
}

/** True when this entry of the history was scrolled or left before. */
export const isRemembered = (): boolean => left.has(currentEntry().key);

/** Where the reader was when this entry of the history was left; asked once, when the page is drawn again. */
export function takeRemembered(): Left {
  restoring = false;
  return left.get(currentEntry().key) ?? { top: 0, paperId: undefined, anchor: undefined };
}

/** Goes to an address of this site: `push` adds to the history, `replace` does not. */
export function navigate(path: string, how: 'push' | 'replace' = 'push', kind: EntryKind = 'settled'): void {
  const before = currentEntry();
  // What replaces another query begins at its top.
  remember(before.key, how === 'push' || path === currentPath() ? window.scrollY : 0);
  if (how === 'replace' && kind === 'typing') {
    ahead = { entry: { key: before.key, kind }, path };
    writing ??= setTimeout(catchUp, WRITE_EVERY_MS);
    window.dispatchEvent(new Event(CHANGED));
    return;
  }
  catchUp();
  if (how === 'push' && before.kind !== 'settled') history.replaceState({ ...before, kind: 'settled' }, '');
  const key = how === 'push' ? crypto.getRandomValues(new Uint32Array(2)).join('-') : before.key;
  const entry: Entry = { key, kind };
  if (how === 'push') history.pushState(entry, '', path);
  else history.replaceState(entry, '', path);
  window.dispatchEvent(new Event(CHANGED));
}

let scrolled = 0;

/** Scrolling lays the whole page out at once, as asking where the window stands does: a window at its top is left in peace. */
export function scrollTo(top: number): void {
  if (top === 0 && scrolled === 0) return;
  scrolled = top;
  window.scrollTo({ top, behavior: 'instant' });
}

/** Keeps scroll positions by history entry; the browser's own restoring comes before React has drawn the page. */
export function rememberScrolling(): void {
  history.scrollRestoration = 'manual';
  const onScroll = (): void => {
    scrolled = window.scrollY;
    if (!restoring) remember(currentEntry().key);
  };
  const onPop = (): void => {
    restoring = true;
    // The history has moved on: what was ahead of the entry before would overwrite the one that is shown now.
    clearTimeout(writing);
    writing = undefined;
    if (ahead) unwritten.set(ahead.entry.key, ahead);
    ahead = undefined;
    const { key } = currentEntry();
    const missed = unwritten.get(key);
    if (missed) history.replaceState(missed.entry, '', missed.path);
    unwritten.delete(key);
  };
  window.addEventListener('scroll', onScroll, { passive: true });
  window.addEventListener('popstate', onPop);
  window.addEventListener('pagehide', catchUp);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

const address = (): string => `${currentEntry().kind}\n${ahead?.path ?? `${currentPath()}${location.hash}`}`;

export interface Location {
  readonly route: Route;
  readonly kind: EntryKind;
  readonly hash: string;
}

export function useRoute(): Location {
  const now = useSyncExternalStore(subscribe, address);
  return useMemo(() => {
    const [kind, path = '/'] = now.split('\n');
    const { pathname, search, hash } = new URL(path, location.origin);
    return { route: routeOf(pathname, search), kind: kindOf(kind), hash };
  }, [now]);
}
