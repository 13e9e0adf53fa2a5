import { useCallback, useEffect, useRef } from 'react';
import { useServices } from '../services.ts';

/** A glance in passing is no look; then several are told at once. */
const LOOKED_MS = 1_000;
const GATHERED_MS = 1_500;
/** Half of it, or where it is taller than the window half of that. */
const VISIBLE = 0.5;

/**
 * Tells the server which papers were really on the screen, each once; `watch` is a ref for their elements, which carry
 * `data-paper-id`.
 */
export function useSeen(): (element: HTMLElement | null) => (() => void) | undefined {
  const { client } = useServices();
  const seen = useRef(new Set<string>());
  const waiting = useRef(new Set<string>());
  const timers = useRef(new Map<Element, ReturnType<typeof setTimeout>>());
  const observer = useRef<IntersectionObserver>(undefined);
  const gathering = useRef<ReturnType<typeof setTimeout>>(undefined);

  const tell = useCallback(async (): Promise<void> => {
    gathering.current = undefined;
    const ids = [...waiting.current];
    if (ids.length === 0) return;
    waiting.current.clear();
    try {
      await client.change({ method: 'POST', url: '/api/feed/shown', body: { ids, place: 'feed' } });
    } catch {
      // Another day shows them again, which harms nobody; with the next ones they are told once more.
      for (const id of ids) waiting.current.add(id);
    }
  }, [client]);

  const look = useCallback((): IntersectionObserver => {
    observer.current ??= new IntersectionObserver(
      (entries) => {
        for (const { target, intersectionRect, boundingClientRect } of entries) {
          const enough = VISIBLE * Math.min(boundingClientRect.height, window.innerHeight);
          const id = target instanceof HTMLElement ? target.dataset['paperId'] : undefined;
          clearTimeout(timers.current.get(target));
          timers.current.delete(target);
          if (id === undefined || seen.current.has(id) || intersectionRect.height < enough || enough === 0) continue;
          const looked = (): void => {
            if (document.visibilityState !== 'visible') return;
            seen.current.add(id);
            waiting.current.add(id);
            gathering.current ??= setTimeout(() => void tell(), GATHERED_MS);
          };
          timers.current.set(target, setTimeout(looked, LOOKED_MS));
        }
      },
      { threshold: [0.1, 0.25, VISIBLE, 0.75] },
    );
    return observer.current;
  }, [tell]);

  useEffect(() => {
    const [running, held] = [timers.current, gathering];
    return () => {
      for (const timer of running.values()) clearTimeout(timer);
      clearTimeout(held.current);
      observer.current?.disconnect();
      observer.current = undefined;
      void tell();
    };
  }, [tell]);

  return useCallback(
    (element) => {
      if (!element) return undefined;
      const watching = look();
      watching.observe(element);
      return () => watching.unobserve(element);
    },
    [look],
  );
}
