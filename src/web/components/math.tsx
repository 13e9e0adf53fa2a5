import katex from 'katex';
import 'katex/dist/katex.min.css';
import { useMemo, type ReactElement } from 'react';

interface MathProps {
  readonly tex: string;
  readonly layout: 'inline' | 'display';
}

/** Longest formula KaTeX is given; a record is outside text, and a longer one is likely a stray dollar sign. */
const MAX_TEX = 2_000;

/** What arXiv abstracts contain and KaTeX does not know. */
function known(tex: string): string {
  return tex
    .replace(/\\label\{[^{}]*\}/g, '')
    .replace(/\\unicode\{x([0-9a-f]{2,5})\}/gi, (whole: string, code: string) => {
      const point = Number.parseInt(code, 16);
      return point <= 0x10ffff ? `\\text{${String.fromCodePoint(point)}}` : whole;
    });
}

/**
 * KaTeX's own output; with `trust: false` it escapes what it takes from the source. Its inline styles, which the content
 * security policy forbids, wait under another name until they can be set one by one.
 */
function html(tex: string, layout: MathProps['layout']): string {
  const markup = katex.renderToString(known(tex.slice(0, MAX_TEX)), {
    displayMode: layout === 'display',
    throwOnError: false,
    errorColor: 'currentColor',
    trust: false,
    strict: 'ignore',
    maxExpand: 200,
    maxSize: 20,
  });
  // In text and in other attributes a quotation mark is escaped, so this is always the beginning of an attribute.
  return markup.replaceAll(' style="', ' data-style="');
}

function setStyles(element: HTMLElement | null): void {
  for (const styled of element?.querySelectorAll<HTMLElement>('[data-style]') ?? []) {
    styled.style.cssText = styled.dataset['style'] ?? '';
    delete styled.dataset['style'];
  }
}

/** One formula. Its own chunk, loaded when the first formula is met: KaTeX is bigger than the rest of the page. */
export default function Math({ tex, layout }: MathProps): ReactElement {
  const markup = useMemo(() => html(tex, layout), [tex, layout]);
  return (
    <span key={markup} ref={setStyles} className={`math math-${layout}`} dangerouslySetInnerHTML={{ __html: markup }} />
  );
}
