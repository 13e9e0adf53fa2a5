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

/** Puts the page where the reader left it, once what it shows is there; a page not seen before begins at its top. */
export function useScroll(place: string, layout: Layout, hash = ''): void {
  const done = useRef('');
  useLayoutEffect(() => {
    if (done.current === place) return;
    if (layout === 'pending') {
      // At once: what the page before was scrolled to would count as this one's otherwise.
      if (!isRemembered()) scrollTo(0);
      return;
    }
    done.current = place;
    const { top, paperId, anchor } = takeRemembered();
    const target = hash === '' || top > 0 ? null : document.getElementById(hash.slice(1));
    if (target) target.scrollIntoView({ behavior: 'instant' });
    else scrollTo(top);
    const anchored = anchor && hitOf(anchor.paperId);
    if (anchored) {
      window.scrollBy({ top: anchored.getBoundingClientRect().top - anchor.below, behavior: 'instant' });
    }
    if (paperId !== undefined) focusHit(paperId);
  }, [place, layout, hash]);

  useEffect(() => {
    const again = (): void => {
      done.current = '';
    };
    window.addEventListener('popstate', again);
    return () => window.removeEventListener('popstate', again);
  }, []);
}
