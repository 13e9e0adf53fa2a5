import { displayName, nameParts, type NameParts } from '../names.ts';

/** What joins the names of a group: `Research & Development`, `Loom and Thread`. */
const JOINED = /\band\b|&/i;

/** The parts of a person's name, where putting them together gives the name back; other names are kept in one piece. */
export function partsOf(name: string): NameParts | undefined {
  const parts = nameParts(name);
  return parts.given === undefined || JOINED.test(name) || displayName(parts) !== name ? undefined : parts;
}
