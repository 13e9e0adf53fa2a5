import { fieldsOf } from './fields.ts';
import { writerOf } from './writer.ts';

/** Paperkin's own JSON Lines: what `show --json` prints of a paper, less what is unknown. */
export const jsonlWriter = writerOf({
  name: 'jsonl',
  title: 'Paperkin JSON Lines',
  extension: 'jsonl',
  reads: 'jsonl',
  mediaType: 'application/x-ndjson',
  paper: (paper) => `${JSON.stringify(fieldsOf(paper))}\n`,
});
