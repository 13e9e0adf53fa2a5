import { splitAuthors } from './fields.ts';
import { displayName, SUFFIX } from './names.ts';
import { cleanText } from './text.ts';

/** `Y.`, `J. A.`, `AB`, `J.-P.`: what stands after a family name in lists that separate everything by commas. */
const INITIALS = /^(?:\p{Lu}\p{M}?\.?[\s-]?){1,4}$/u;

/** The display name of `Finch, Orla` or `King, Jr., Martin Luther`; other texts stay as they are. */
export function uninverted(name: string): string {
  const [family = '', second, third, ...more] = name.split(',').map((part) => part.trim());
  if (!family || !second || more.length > 0) return name;
  if (third === undefined)
    return displayName(SUFFIX.test(second) ? { family, suffix: second } : { family, given: second });
  if (SUFFIX.test(second)) return displayName({ family, given: third, suffix: second });
  return SUFFIX.test(third) ? displayName({ family, given: second, suffix: third }) : name;
}

/** Display names from one text of authors, as feeds write it: `Finch, O., Sørensen, P.`, `Orla Finch; Pim Sørensen`. */
export function authorsIn(joined: string): string[] {
  const parts = cleanText(joined)
    .split(/\s*,\s*/)
    .filter(Boolean);
  const paired = parts.length % 2 === 0 && parts.every((part, at) => at % 2 === 0 || INITIALS.test(part));
  const names = paired
    ? parts.flatMap((part, at) => (at % 2 === 0 ? [`${part}, ${parts[at + 1]}`] : []))
    : splitAuthors(cleanText(joined));
  return names.map((name) => uninverted(name.trim())).filter(Boolean);
}
