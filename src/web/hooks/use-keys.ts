import { useEffect, useEffectEvent } from 'react';

export function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const hits = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('article[data-paper-id]')];

/** The header and the room around a hit (hit.css) take the rest of a window of 640 pixels. */
const MOST_OF_WINDOW = 0.8;

/** Moves the focus to the title of the hit `step` away from the focused one; true when there is such a hit. */
function moveFocus(step: 1 | -1): boolean {
  const all = hits();
  const focused = document.activeElement?.closest<HTMLElement>('article[data-paper-id]');
  const at = focused ? all.indexOf(focused) : -1;
  const next = at < 0 && step < 0 ? undefined : all[at + step];
  const title = next?.querySelector<HTMLElement>('.hit-title a');
  if (!next || !title) return false;
  title.focus({ preventScroll: true });
  const motion = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
  // Of a hit that does not fit, in large text, the beginning.
  const shown = next.offsetHeight < MOST_OF_WINDOW * window.innerHeight ? next : title;
  shown.scrollIntoView({ block: 'nearest', behavior: motion });
  return true;
}

/** Presses what the focused hit has for a key; true when there is such a thing. */
function press(selector: string): boolean {
  const hit = document.activeElement?.closest<HTMLElement>('article[data-paper-id]');
  const button = hit?.querySelector<HTMLElement>(selector);
  button?.click();
  return button !== undefined && button !== null;
}

const ON_HIT: { readonly [key: string]: string } = {
  o: '.hit-title a',
  s: '[data-mark="save"]',
  x: '[data-mark="dismiss"]',
};

/**
 * The keys of the whole page: `/` to the search box, j and k through the hits, o, s and x for the one that has the focus, ? for
 * help. Arrow keys do the same only from a hit or
 * the search box, since everywhere else they scroll. Enter needs no help: the focus is on the hit's link.
 */
export function useKeys(onHelp: () => void): void {
  const help = useEffectEvent(onHelp);
  useEffect(() => {
    const query = (): HTMLInputElement | null => document.querySelector<HTMLInputElement>('#query');
    const walk = (event: KeyboardEvent, step: 1 | -1): void => {
      if (moveFocus(step)) event.preventDefault();
      else if (step < 0 && document.activeElement?.closest('article[data-paper-id]')) {
        event.preventDefault();
        query()?.focus();
      }
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { key, target } = event;
      // A window over the page has the keys to itself.
      if (document.querySelector('dialog[open]')) return;
      const inQuery = target instanceof HTMLElement && target.id === 'query';
      const onHit = document.activeElement?.closest('article[data-paper-id]');
      if (key === 'ArrowDown' && (inQuery || onHit)) walk(event, 1);
      else if (key === 'ArrowUp' && onHit && !takesText(target)) walk(event, -1);
      else if (takesText(target)) return;
      else if (key === 'j') walk(event, 1);
      else if (key === 'k') walk(event, -1);
      else if (onHit && key in ON_HIT) {
        if (press(ON_HIT[key] ?? '')) event.preventDefault();
        if (key === 'x') moveFocus(1);
      } else if (key === '?') {
        event.preventDefault();
        help();
      } else if (key === '/') {
        event.preventDefault();
        query()?.focus();
        query()?.select();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
