/** A person's name in its parts, as BibTeX, CSL and RIS know them. */
export interface NameParts {
  readonly family: string;
  readonly given?: string | undefined;
  /** `van`, `de la`: said with the family name. */
  readonly particle?: string | undefined;
  /** `Jr.`, `III`. */
  readonly suffix?: string | undefined;
}

/** A name as Paperkin keeps and shows it: `Ludwig van Beethoven`, `Martin Luther King Jr.` */
export function displayName({ given, particle, family, suffix }: NameParts): string {
  return [given, particle, family, suffix].filter(Boolean).join(' ');
}

/** Not `y` and `e`: they stand within family names (`Ortega y Gasset`). */
const PARTICLE =
  /^(?:van|von|der|den|de|del|della|dello|degli|di|da|das|do|dos|du|des|la|le|los|las|el|al|bin|ibn|ter|ten|te|zu|zum|zur|af|av|op|'t|van't|van’t|d'|d’)$/;
/** What stands after a family name without being part of it. */
export const SUFFIX = /^(?:[Jj]r|[Ss]r|II|III|IV)\.?$/;
/** Scripts that put the family name first, or in one word with the given one. */
const FAMILY_FIRST = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * The parts of a name as it is shown; `displayName` puts them together again, whatever the text. A name that cannot be told
 * apart (one word, Chinese, Japanese, Korean, with a comma) is a family name alone.
 */
export function nameParts(display: string): NameParts {
  const whole: NameParts = { family: display };
  if (display.includes(',') || FAMILY_FIRST.test(display)) return whole;
  const words = display.split(' ');
  if (words.length < 2 || words.includes('')) return whole;
  const suffix = SUFFIX.test(words.at(-1) ?? '') ? words.pop() : undefined;
  const first = words.findIndex((word) => PARTICLE.test(word));
  const start = first < 0 || first === words.length - 1 ? words.length - 1 : first;
  let end = start;
  while (end < words.length - 1 && PARTICLE.test(words[end] ?? '')) end += 1;
  const given = words.slice(0, start).join(' ');
  // Turned round, `Jr. Smith` would read as `Smith Jr.`
  if (/^(?:jr|sr|ii|iii|iv)\.?$/i.test(given)) return whole;
  return {
    family: words.slice(end).join(' '),
    ...(given === '' ? {} : { given }),
    ...(end === start ? {} : { particle: words.slice(start, end).join(' ') }),
    ...(suffix === undefined ? {} : { suffix }),
  };
}
