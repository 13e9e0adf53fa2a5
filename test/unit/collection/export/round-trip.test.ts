import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNamed, formatOf } from '../../../../src/collection/formats.ts';
import { readPapers, WRITERS, type Writer, type Written } from '../../../../src/collection/mod.ts';
import type { Paper } from '../../../../src/domain/mod.ts';
import { SHARED } from '../../../support/judged.ts';
import { paper } from '../../../support/library.ts';
import { nastyPaper } from '../../../support/papers.ts';
import { collect, papersIn, readAs, rejectionsIn } from '../reading.ts';

/** What a file of these papers gives when it is imported, its format recognised by itself. */
async function thereAndBack(writer: Writer, papers: readonly Written[]) {
  const text = (await collect(writer.write(papers))).join('');
  const format = formatOf(text.slice(0, 65_536), 'papers');
  const readings = await readAs(format, text);
  return { format: format.name, papers: papersIn(readings), rejections: rejectionsIn(readings) };
}

const REAL = ['arxiv', 'conference'].map((name) => join(SHARED, 'data', `${name}.jsonl.gz`));
const EACH = 1000;

/** The first papers of each of the collections. */
async function realPapers(): Promise<Paper[]> {
  const papers: Paper[] = [];
  for (const path of REAL) {
    let left = EACH;
    for await (const reading of readPapers({ name: path, stream: createReadStream(path) })) {
      if (reading.kind === 'paper') papers.push(reading.paper);
      if ((left -= 1) === 0) break;
    }
  }
  return papers;
}

describe.each(WRITERS.map((writer) => [writer.name, writer] as const))('%s', (_, writer) => {
  const format = writer.reads;

  it('gives back every paper exactly, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(nastyPaper, { minLength: 1, maxLength: 3 }), async (papers) => {
        expect(await thereAndBack(writer, papers)).toEqual({ format, papers, rejections: [] });
      }),
      { numRuns: 150 },
    );
  });

  it.skipIf(!REAL.every(existsSync))('gives back real papers (skipped where ../shared/data is absent)', async () => {
    const papers = await realPapers();
    expect(await thereAndBack(writer, papers)).toEqual({ format, papers, rejections: [] });
  });

  it('gives back a note as the comment of a paper that has none of its own', async () => {
    const note = 'First line: 50% & {more}\n\n## Second\nER  - \nTY  - JOUR';
    const [bare, remarked] = [paper({ id: 'a' }), paper({ id: 'b', comment: '12 pages' })];
    const { papers, rejections } = await thereAndBack(writer, [
      { ...bare, note },
      { ...remarked, note },
    ]);
    expect(rejections).toEqual([]);
    expect(papers).toEqual([{ ...bare, comment: note.replace(/\s+/g, ' ') }, remarked]);
  });

  it('writes a file without papers that is read without a rejection', async () => {
    const text = (await collect(writer.write([]))).join('');
    const readings = await readAs(formatNamed(format), text);
    expect(readings).toEqual([]);
  });
});
