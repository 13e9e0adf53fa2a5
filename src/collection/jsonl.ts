import { jsonFormat } from './json-format.ts';
import { isObject } from './json-records.ts';
import { readOwn } from './own-paper.ts';

/**
 * Paperkin's own format: objects with at least a `title`, one a line or in a list. The answers of the API and of `--json`
 * are in it; a hit of a search holds its paper.
 */
export const jsonl = jsonFormat({
  name: 'jsonl',
  title: 'Paperkin JSON Lines',
  paperIn: (record) => readOwn(isObject(record['paper']) ? record['paper'] : record),
});
