import { piecesOf } from '../tex.ts';

/** BibTeX counts braces even behind a backslash, so a literal one is written as a command. */
const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  // TeX's own fonts have other signs in the places of these.
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
};

/** Plain text as TeX: what TeX would take as markup is escaped, what it would draw together (`--`) is kept apart. */
export function escapeTex(text: string): string {
  return text
    .replace(/[\\{}~^<>|]/g, (sign) => COMMANDS[sign] ?? sign)
    .replace(/[&%$#_]/g, '\\$&')
    .replace(/-(?=-)|`(?=`)|'(?=')|,(?=,)|[?!](?=`)/g, '$&{}');
}

function bracesBalance(tex: string): boolean {
  let depth = 0;
  for (const sign of tex) {
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** `$5 to $10` is no formula: the dollar that would close it stands loose, the one that would open it does not. */
const isPrice = (formula: string): boolean => /^\$[^$\s].*\s\$$/s.test(formula);

/** A text as TeX, Unicode as it is and formulas left alone, unless they would break the braces around them. */
export function toTex(text: string, plain: (escaped: string) => string = (escaped) => escaped): string {
  let tex = '';
  for (const piece of piecesOf(text)) {
    const formula = piece.math && bracesBalance(piece.text) && !isPrice(piece.text);
    tex += formula ? piece.text : plain(escapeTex(piece.text));
  }
  return tex;
}

/** Styles change the case of titles; words such as BERT or U-Net must keep theirs. */
export function titleToTex(title: string): string {
  return toTex(title, (escaped) =>
    escaped.replace(/(?<![\\\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}-]*\p{Lu}[\p{L}\p{N}-]*/gu, '{$&}'),
  );
}
