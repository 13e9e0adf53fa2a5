import { useEffect, useRef, type ReactElement } from 'react';
import { CITATION_FORMATS } from '../../domain/mod.ts';
import { FORMAT_NAMES, type Citing, type ShownCitation } from '../hooks/use-citation.ts';

/** Selected as it comes: what is left where the page may not write to the clipboard. */
function CitationText({ shown }: { readonly shown: ShownCitation }): ReactElement {
  const text = useRef<HTMLPreElement>(null);
  useEffect(() => {
    text.current?.focus();
    if (text.current) getSelection()?.selectAllChildren(text.current);
  }, []);
  return (
    <div className="citation-text">
      <output>This browser lets no page write to the clipboard here. It is selected: press Ctrl+C.</output>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and has to from the keyboard, too */}
      <pre ref={text} tabIndex={0} aria-label={`${FORMAT_NAMES[shown.format]} citation`}>
        {shown.text}
      </pre>
    </div>
  );
}

/** Copies the paper's citation in the formats that reference managers take. */
export function Citation({ citing }: { readonly citing: Citing }): ReactElement {
  return (
    <div className="citation">
      <fieldset className="citation-formats" aria-label="Copy a citation">
        <span aria-hidden="true">Cite</span>
        {CITATION_FORMATS.map((format) => (
          <button
            type="button"
            key={format}
            className="toggle"
            aria-label={`Copy ${FORMAT_NAMES[format]}`}
            onClick={() => void citing.copy(format)}
          >
            {FORMAT_NAMES[format]}
          </button>
        ))}
      </fieldset>
      {citing.shown && <CitationText key={citing.shown.format} shown={citing.shown} />}
    </div>
  );
}
