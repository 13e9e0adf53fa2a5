import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { SearchMode } from '../../src/domain/mod.ts';
import { type Metrics, readJudgedSet } from '../../src/evaluation/mod.ts';
import { temporaryFolder } from '../support/cli.ts';
import { evaluationSet, hasShared, measuring, SAMPLE } from '../support/judged.ts';

// A drop of more than this is a change of relevance, not of rounding.
const TOLERANCE = 0.005;

/** A judged set, imported anew with the real model and searched through the same retrieval that serves. */
function judgedSet(folder: string, corpus: readonly string[] = []) {
  const temporary = temporaryFolder();
  let opened: Awaited<ReturnType<typeof measuring>> | undefined;
  return {
    async open(): Promise<void> {
      const { config } = loadConfig({ evaluationDir: temporary.path });
      opened = await measuring(await readJudgedSet(folder, corpus), config);
    },
    async measure(mode: SearchMode): Promise<Metrics> {
      if (!opened) throw new Error('the set is not open');
      return (await opened.measure({ mode })).mean;
    },
    async close(): Promise<void> {
      await opened?.close();
      temporary.remove();
    },
  };
}

describe('the bundled sample library', () => {
  const sample = judgedSet(SAMPLE.folder, SAMPLE.corpus);
  beforeAll(() => sample.open());
  afterAll(() => sample.close());

  it('answers its questions as well as measured, all but one within the first ten', async () => {
    const hybrid = await sample.measure('hybrid');
    expect(hybrid['ndcg@10']).toBeGreaterThanOrEqual(0.888 - TOLERANCE);
    expect(hybrid['success@10']).toBeGreaterThanOrEqual(0.983 - TOLERANCE);
  });

  it('puts the first answer higher with both sides than with either alone', async () => {
    const { mrr } = await sample.measure('hybrid');
    expect(mrr).toBeGreaterThan((await sample.measure('dense')).mrr);
    expect(mrr).toBeGreaterThan((await sample.measure('lexical')).mrr);
  });
});

describe.each([
  { set: 'cacm', hybrid: 0.554, lexical: 0.487, map: 0.419 },
  { set: 'cranfield', hybrid: 0.507, lexical: 0.427, map: 0.503 },
])('the judged set $set (skipped where the shared data is absent)', ({ set, hybrid, lexical, map }) => {
  const judged = judgedSet(evaluationSet(set));
  beforeAll(async () => {
    if (hasShared) await judged.open();
  });
  afterAll(() => judged.close());

  it.skipIf(!hasShared)('keeps its nDCG@10 and MAP, fused and by words alone', async () => {
    const fused = await judged.measure('hybrid');
    expect(fused['ndcg@10']).toBeGreaterThanOrEqual(hybrid - TOLERANCE);
    expect(fused.map).toBeGreaterThanOrEqual(map - TOLERANCE);
    expect((await judged.measure('lexical'))['ndcg@10']).toBeGreaterThanOrEqual(lexical - TOLERANCE);
  });
});
