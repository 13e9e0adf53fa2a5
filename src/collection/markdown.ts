import type { Content, Format, Reading, Reason } from './contract.ts';
import { parseObject } from './json-records.ts';
import { readLines, tooLong } from './lines.ts';
import { carriedIn, fromMarkdown, MARKER } from './markdown-text.ts';
import { readOwn } from './own-paper.ts';

/** A heading and what stands below it, up to the next one. */
interface Section {
  readonly line: number;
  readonly title: string;
  /** Of the paper's comment. */
  carried?: string;
  /** The lines after the comment; all of them while there is none. */
  abstract: string[];
  chars: number;
  rejected?: Reason;
}

function headingOf(line: string): string | undefined {
  return /^##[ \t]+(.*)$/.exec(line)?.[1];
}

function addLine(section: Section, line: string, maxChars: number): void {
  const carried = carriedIn(line);
  if (carried !== undefined && section.carried === undefined) {
    section.carried = carried;
    section.abstract = [];
    section.chars = 0;
    return;
  }
  section.chars += line.length + 1;
  if (section.chars <= maxChars) section.abstract.push(line);
  else section.rejected = { reason: `the paper is longer than ${maxChars} characters` };
}

function readSection({ line, title, carried, abstract, rejected }: Section, file: string): Reading {
  if (rejected) return { kind: 'rejected', file, line, ...rejected };
  const rest = carried === undefined ? { object: {} } : parseObject(carried);
  if ('reason' in rest)
    return { kind: 'rejected', file, line, field: 'comment', reason: `the comment is ${rest.reason}` };
  const told = { title: fromMarkdown(title), abstract: fromMarkdown(abstract.join('\n')) };
  const paper = readOwn({ ...rest.object, ...told });
  return 'reason' in paper ? { kind: 'rejected', file, line, ...paper } : { kind: 'paper', file, line, paper };
}

async function* read(content: Content): AsyncGenerator<Reading> {
  const { file } = content;
  let section: Section | undefined;
  for await (const line of readLines(content)) {
    const title = 'text' in line ? headingOf(line.text) : undefined;
    if (title !== undefined) {
      if (section) yield readSection(section, file);
      section = { line: line.number, title, abstract: [], chars: 0 };
    } else if ('text' in line) {
      if (section) addLine(section, line.text, content.maxRecordBytes);
    } else if (section) {
      section.rejected = { reason: tooLong(line.limitBytes) };
    } else {
      yield { kind: 'rejected', file, line: line.number, reason: tooLong(line.limitBytes) };
    }
  }
  if (section) yield readSection(section, file);
}

/**
 * Papers as Paperkin writes them in Markdown, one below each heading of the second level. Titles and abstracts are what is
 * seen, so a correction made in an editor counts; the rest is in a comment.
 */
export const markdown: Format = {
  name: 'markdown',
  title: 'Paperkin Markdown',
  recognises: (beginning) => beginning.trimStart().startsWith(MARKER.slice(0, '<!-- Paperkin'.length)),
  read,
};
