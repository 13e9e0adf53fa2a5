import { useEffect, useEffectEvent } from 'react';
import { takesText } from './use-keys.ts';

/**
 * The keys of a paper's page: s saves it, x dismisses it, c copies its BibTeX. With the focus on a hit, s and x are about
 * that hit.
 */
export function usePaperKeys(copyBibtex: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || takesText(event.target)) return;
    if (document.activeElement?.closest('article[data-paper-id], dialog[open]')) return;
    const press = (mark: string): void => document.querySelector<HTMLElement>(`.paper [data-mark="${mark}"]`)?.click();
    if (event.key === 's') press('save');
    else if (event.key === 'x') press('dismiss');
    else if (event.key === 'c') copyBibtex();
  });
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
