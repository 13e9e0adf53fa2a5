import { readFile } from 'node:fs/promises';
import { FORMATS, readPapers, type Reading } from '../../../src/collection/mod.ts';
import { collect } from './reading.ts';

/** The readings of a fixture, and the formats that recognise it. */
export async function readFixture(name: string): Promise<{ readings: Reading[]; formats: string[] }> {
  const path = `test/fixtures/collection/${name}`;
  const text = await readFile(path, 'utf8');
  const formats = FORMATS.filter((format) => format.recognises(text)).map((format) => format.name);
  return { readings: await collect(readPapers({ path })), formats };
}
