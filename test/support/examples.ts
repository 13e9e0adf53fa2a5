import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './judged.ts';

/** An example of a format, as docs/import.md shows it. */
export interface Example {
  /** The name in the heading of its section. */
  readonly format: string;
  readonly text: string;
}

/** A heading, or a fenced block, in which a line may look like one. */
const PARTS = /^(#{2,3}) ([^\n]*)$|^```\w+\n(.*?)^```$/gms;

/** The examples in the sections of docs/import.md whose headings name a format. */
export function importExamples(): Example[] {
  const page = readFileSync(join(ROOT, 'docs', 'import.md'), 'utf8');
  const examples: Example[] = [];
  let format: string | undefined;
  for (const [, level, heading = '', text] of page.matchAll(PARTS)) {
    if (level !== undefined) format = /`([a-z-]+)`$/.exec(heading)?.[1];
    else if (format !== undefined && text !== undefined) examples.push({ format, text });
  }
  return examples;
}
