import { useEffect, useLayoutEffect, useRef } from 'react';
import { isRemembered, scrollTo, takeRemembered } from './use-route.ts';

type Layout = 'pending' | 'settled';

const hitOf = (paperId: string): Element | null =>
  document.querySelector(`article[data-paper-id="${CSS.escape(paperId)}"]`);

/** Back from a paper, the keyboard goes on from the hit it was opened from. */
function focusHit(paperId: string): void {
  const focused = document.activeElement;
  if (focused !== document.body && focused?.id !== 'main') return;
  hitOf(paperId)?.querySelector<HTMLElement>('.hit-title a')?.focus({ preventScroll: true });
}

/** Frames in which an anchor stands where it should, after which nothing moves it any more. */
const STILL_FRAMES = 3;
/** At the end of a page it may never get there. */
const MOST_FRAMES = 60;
const BY_READER = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/**
 * Keeps a hit where it stood while those around it are laid out: as they come near the window, frame by frame, they get
 * another height than was reserved for them. Stops when nothing moves any more, when the reader does, or by what it returns.
 */
function hold(hit: Element, below: number): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let [still, frames] = [0, 0];
  const settle = (): void => {
    frames += 1;
    if (signal.aborted || !hit.isConnected || frames > MOST_FRAMES) return;
    const off = hit.getBoundingClientRect().top - below;
    still = Math.abs(off) < 1 ? still + 1 : 0;
    if (still === 0) window.scrollBy({ top: off, behavior: 'instant' });
    if (still < STILL_FRAMES) requestAnimationFrame(settle);
  };
  for (const type of BY_READER)
    window.addEventListener(type, () => stop.abort(), { once: true, signal, passive: true });
  settle();
  return () => stop.abort();
}

/** Puts the page where the reader left it, once what it shows is there; a page not seen before begins at its top. */
export function useScroll(place: string, layout: Layout, hash = ''): void {
  const done = useRef('');
  const letGo = useRef<() => void>(undefined);
  useLayoutEffect(() => {
    if (done.current === place) return;
    if (layout === 'pending') {
      // At once: what the page before was scrolled to would count as this one's otherwise.
      if (!isRemembered()) scrollTo(0);
      return;
    }
    done.current = place;
    letGo.current?.();
    const { top, paperId, anchor } = takeRemembered();
    const target = hash === '' || top > 0 ? null : document.getElementById(hash.slice(1));
    if (target) target.scrollIntoView({ behavior: 'instant' });
    else scrollTo(top);
    const anchored = anchor && hitOf(anchor.paperId);
    if (anchored) letGo.current = hold(anchored, anchor.below);
    if (paperId !== undefined) focusHit(paperId);
  }, [place, layout, hash]);

  useEffect(() => {
    const again = (): void => {
      done.current = '';
      letGo.current?.();
    };
    window.addEventListener('popstate', again);
    return () => {
      window.removeEventListener('popstate', again);
      letGo.current?.();
    };
  }, []);
}
