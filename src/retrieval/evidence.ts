import type { Evidence } from '../domain/mod.ts';
export function chooseEvidence(_: {
  terms: ReadonlyMap<string, number>;
  abstract: string;
  termsOf: (text: string) => string[];
}): Evidence | null {
  return null;
}
