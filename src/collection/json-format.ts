import type { Paper } from '../domain/mod.ts';
import type { Content, Format, Reading, Reason } from './contract.ts';
import { layoutOf, type JsonLayout } from './json-layout.ts';
import { objectsIn, readJsonRecords, type JsonObject } from './json-records.ts';

interface JsonFormat {
  readonly name: JsonLayout;
  readonly title: string;
  /** The paper of a record, why it gives none, or `undefined` where it speaks of no paper at all. */
  readonly paperIn: (record: JsonObject) => Paper | Reason | undefined;
}

async function* readJson(content: Content, { paperIn }: JsonFormat): AsyncGenerator<Reading> {
  const { file } = content;
  for await (const record of readJsonRecords(content)) {
    const { line } = record;
    const read = 'object' in record ? paperIn(record.object) : { reason: record.reason };
    if (read === undefined) continue;
    if ('reason' in read) yield { kind: 'rejected', file, line, ...read };
    else yield { kind: 'paper', paper: read, file, line };
  }
}

/**
 * A format of JSON records, as JSON Lines or in one piece. It is recognised by the first object at the beginning that is
 * in a layout we know.
 */
export function jsonFormat(format: JsonFormat): Format {
  return {
    name: format.name,
    title: format.title,
    recognises: (beginning) => objectsIn(beginning).map(layoutOf).find(Boolean) === format.name,
    read: (content) => readJson(content, format),
  };
}
