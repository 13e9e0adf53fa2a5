import { useEffect, useState, type ReactElement } from 'react';
import type { PaperJson } from '../../domain/mod.ts';
import { bibtexOf } from '../bibtex.ts';

const SAID_FOR_MS = 2_000;
const LABELS = { ready: 'Copy', copied: 'Copied', failed: 'Press Ctrl+C' } as const;

/** Selects the entry: what is left where the page may not write to the clipboard (plain HTTP on a shared server). */
function selectEntry(): void {
  const entry = document.getElementById('bibtex');
  if (entry) getSelection()?.selectAllChildren(entry);
}

export function BibtexBlock({ paper }: { readonly paper: PaperJson }): ReactElement {
  const [state, setState] = useState<keyof typeof LABELS>('ready');
  const entry = bibtexOf(paper);

  useEffect(() => {
    if (state === 'ready') return undefined;
    const timer = setTimeout(() => setState('ready'), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(entry);
      setState('copied');
    } catch {
      selectEntry();
      setState('failed');
    }
  };
  return (
    <section className="bibtex" aria-labelledby="bibtex-heading">
      <div className="section-head">
        <h2 id="bibtex-heading">BibTeX</h2>
        <button type="button" className="button" onClick={() => void copy()}>
          {LABELS[state]}
        </button>
        <output className="visually-hidden">{state === 'copied' && 'BibTeX copied'}</output>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and has to from the keyboard, too */}
      <pre id="bibtex" tabIndex={0}>
        {entry}
      </pre>
    </section>
  );
}
