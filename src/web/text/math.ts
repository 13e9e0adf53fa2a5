/** A formula found at some place of a text; `end` is the offset after its closing delimiter. */
export interface Formula {
  readonly tex: string;
  readonly layout: 'inline' | 'display';
  readonly end: number;
}

/** Longer "formulas" come from a stray dollar sign; the longest real display in 160,000 arXiv abstracts has under 900. */
const MAX_FORMULA = 2_000;

const ENVIRONMENT =
  /^\\begin\{(equation\*?|align\*?|aligned|gather\*?|multline\*?|cases|[pbvBV]?matrix|array|split|eqnarray\*?)\}/;

/** The offset of `closing` that no backslash escapes, from `at` on, or -1. A blank line ends the search. */
function closes(source: string, closing: string, at: number): number {
  const limit = Math.min(source.length, at + MAX_FORMULA);
  for (let here = at; here < limit; here += 1) {
    if (source.startsWith(closing, here)) return here;
    if (source.startsWith('\n\n', here)) return -1;
    if (source.charAt(here) === '\\') here += 1;
  }
  return -1;
}

function balanced(tex: string): boolean {
  let depth = 0;
  for (let at = 0; at < tex.length; at += 1) {
    const char = tex.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** "$5 per test and ten dollars$" reads as prose: plain words between the dollar signs, outside any command. */
function isProse(tex: string): boolean {
  const plain = tex.replace(/\\[a-zA-Z]+\s*(?:\{[^{}]*\})?/g, ' ');
  const words = plain.match(/(?<![^\s(])[A-Za-z]{3,}(?=[\s,.;:)]|$)/g)?.length ?? 0;
  if (/^\d[\d,.]*\s/.test(plain)) return words >= 1;
  // `$canonical \rightarrow dynamic$` is a formula with names in it.
  return words >= (plain === tex ? 2 : 4);
}

function dollars(source: string, at: number): Formula | undefined {
  if (source.startsWith('$$', at)) {
    const close = closes(source, '$$', at + 2);
    const tex = source.slice(at + 2, close);
    if (close >= 0 && tex.trim() !== '' && balanced(tex)) return { tex: tex.trim(), layout: 'display', end: close + 2 };
    return undefined;
  }
  const close = closes(source, '$', at + 1);
  if (close < 0) return undefined;
  const tex = source.slice(at + 1, close);
  if (tex.trim() === '' || !balanced(tex) || isProse(tex)) return undefined;
  // "$5 to $10": a sum of money opens where a formula would close.
  if (/^\d/.test(tex) && /^\d/.test(source.slice(close + 1)) && !/[\\^_{=]/.test(tex)) return undefined;
  // Blanks inside the dollars are the mark of money ("$5 or $") unless something in between is plainly TeX.
  if (/^\s|\s$/.test(tex) && !/[\\^_{}=<>+(|]/.test(tex) && !/^\s*[A-Za-z0-9]\s*$/.test(tex)) return undefined;
  return { tex: tex.trim(), layout: 'inline', end: close + 1 };
}

function bracketed(source: string, at: number, closing: string, layout: Formula['layout']): Formula | undefined {
  const close = closes(source, closing, at + 2);
  if (close < 0) return undefined;
  const tex = source.slice(at + 2, close).trim();
  return tex === '' ? undefined : { tex, layout, end: close + 2 };
}

/** The formula that begins at this offset, if one does: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, `\begin{align}…`. */
export function formulaAt(source: string, at: number): Formula | undefined {
  if (source.charAt(at) === '$') return dollars(source, at);
  if (source.startsWith('\\(', at)) return bracketed(source, at, '\\)', 'inline');
  if (source.startsWith('\\[', at)) return bracketed(source, at, '\\]', 'display');
  const environment = ENVIRONMENT.exec(source.slice(at, at + 24))?.[1];
  if (!environment) return undefined;
  const closing = `\\end{${environment}}`;
  const close = source.indexOf(closing, at);
  if (close < 0 || close - at > MAX_FORMULA) return undefined;
  const end = close + closing.length;
  // KaTeX has no eqnarray; align sets the same rows.
  return { tex: source.slice(at, end).replaceAll('eqnarray', 'align'), layout: 'display', end };
}
