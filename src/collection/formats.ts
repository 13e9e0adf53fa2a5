import { AppError } from '../errors.ts';
import { beir } from './beir.ts';
import type { Format } from './contract.ts';
import { jsonl } from './jsonl.ts';
import { listing } from './listing.ts';

/** In the order they are asked: the narrower ones first. */
export const FORMATS: readonly Format[] = [beir, jsonl, listing];

const NAMES = FORMATS.map((format) => format.name).join(', ');

/** The format of that name. Throws USAGE with the names there are. */
export function formatNamed(name: string): Format {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (!format) throw new AppError('USAGE', { message: `there is no format "${name}"; formats are ${NAMES}` });
  return format;
}

/** The format that the beginning of a decompressed input shows, whatever the file is called. Throws UNKNOWN_FORMAT. */
export function formatOf(beginning: string, file: string): Format {
  const format = FORMATS.find((candidate) => candidate.recognises(beginning));
  if (!format) throw new AppError('UNKNOWN_FORMAT', { file, formats: NAMES });
  return format;
}
