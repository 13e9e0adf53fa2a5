import { uninverted } from './inverted-names.ts';
import { displayName, SUFFIX } from './names.ts';
import { cleanText } from './text.ts';
import type { Decode } from './fields.ts';

/** Splits TeX where a separator stands outside braces. White space is single blanks. */
function splitOutside(tex: string, separator: ' and ' | ','): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < tex.length; at += 1) {
    const sign = tex.charAt(at);
    if (sign === '\\') at += 1;
    else if (sign === '{') depth += 1;
    else if (sign === '}') depth = Math.max(0, depth - 1);
    else if (depth === 0 && sign === separator[0] && tex.substr(at, separator.length).toLowerCase() === separator) {
      parts.push(tex.slice(start, at));
      start = at + separator.length;
      // The blank behind one `and` is the one before the next.
      at = separator === ',' ? at : start - 2;
    }
  }
  return [...parts, tex.slice(start)].map((part) => part.trim());
}

/** BibLaTeX's long form: `family=Beethoven, given=Ludwig, prefix=van`. */
function extendedName(parts: readonly string[], decode: Decode): string | undefined {
  const named = new Map<string, string>();
  for (const part of parts) {
    const [, name, value = ''] =
      /^(family|given|prefix|suffix|[a-z]{1,9}-i|useprefix|id)\s?=\s?"?([^"]*)"?$/.exec(part) ?? [];
    if (name === undefined) return undefined;
    named.set(name, cleanText(decode(value)));
  }
  const family = named.get('family');
  if (family === undefined) return undefined;
  return displayName({ family, given: named.get('given'), particle: named.get('prefix'), suffix: named.get('suffix') });
}

function nameFrom(tex: string, decode: Decode): string {
  const written = splitOutside(tex, ',');
  const extended = tex.includes('=') ? extendedName(written, decode) : undefined;
  if (extended !== undefined) return extended;
  const parts = written.map((part) => cleanText(decode(part)));
  const [family = '', second, third] = parts;
  // In this order any text is a suffix, in another one only what looks like it.
  if (parts.length === 3 && second && third && !SUFFIX.test(third))
    return displayName({ family, suffix: second, given: third });
  return second === undefined ? family : uninverted(parts.filter(Boolean).join(', '));
}

/**
 * Display names from a BibTeX list: `van Beethoven, Ludwig and King, Jr., Martin Luther and {The ATLAS Collaboration} and
 * others`. A name in braces is one whatever stands in it; `others` are nobody.
 */
export function namesFromTex(list: string, decode: Decode): string[] {
  const names = splitOutside(list.replace(/\s+/g, ' '), ' and ').filter(Boolean);
  if (/^others\.?$/i.test(names.at(-1) ?? '')) names.pop();
  return names.map((name) => nameFrom(name, decode));
}
