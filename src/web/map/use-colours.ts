import { useEffect, useState } from 'react';
import { type Colours, readColours } from './layers.ts';

/** The theme's colours, for what is drawn in them and not styled by it. */
export function useColours(): Colours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const next = (): void => setColours(readColours());
    const observer = new MutationObserver(next);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', next);
    return () => {
      observer.disconnect();
      system.removeEventListener('change', next);
    };
  }, []);
  return colours;
}
