import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { DEFAULT_MODEL } from '../../src/encoder/mod.ts';
import { TOKEN_BASIS_FILE } from '../../src/encoder/model-files.ts';
import { paperText } from '../../src/encoder/text-form.ts';
import { loadModel } from '../../src/encoder/worker-model.ts';
import { ROOT, SAMPLE } from '../support/judged.ts';

/**
 * `npm run token-basis`: writes the shipped model's basis for the vectors of words (src/encoder/token-basis.ts): the principal
 * components of its outputs for the tokens of the sample library.
 */

const DIRECTIONS = 48;
const TEXT = { paperPrefix: '', maxTokens: 128 };

const folder = join(ROOT, 'models', DEFAULT_MODEL);
const { tokenizer, model } = await loadModel({ folder, dtype: 'q8' });

/** Unit vectors of a text's tokens, the special ones at its ends left out. */
async function tokensOf(text: string): Promise<number[][]> {
  const { last_hidden_state: hidden } = await model(tokenizer(text, { truncation: true, max_length: TEXT.maxTokens }));
  const [, tokens = 0, width = 0]: number[] = hidden.dims;
  return Array.from({ length: tokens - 2 }, (_, i) => {
    const row: number[] = Array.from(hidden.data.subarray((i + 1) * width, (i + 2) * width));
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
}

const rows: number[][] = [];
for (const line of SAMPLE.corpus.flatMap((file) => readFileSync(file, 'utf8').split('\n'))) {
  if (line.trim() === '') continue;
  const { title, abstract }: { title: string; abstract?: string } = JSON.parse(line);
  rows.push(...(await tokensOf(paperText(TEXT, { title, abstract: abstract ?? '' }))));
}
const outputs = new Matrix(rows).center('column');
const covariance = outputs.transpose().mmul(outputs).div(rows.length);
const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
const basis = order.slice(0, DIRECTIONS).flatMap((i) => {
  const direction = eigenvectorMatrix.getColumn(i);
  // Either sign is a principal component: the one whose largest part is positive, so that every run writes the same.
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return direction.map((value) => value * Math.sign(largest));
});
const total = realEigenvalues.reduce((sum, value) => sum + value, 0);
const kept = order.slice(0, DIRECTIONS).reduce((sum, i) => sum + (realEigenvalues[i] ?? 0), 0);
writeFileSync(join(folder, TOKEN_BASIS_FILE), new Uint8Array(Float32Array.from(basis).buffer));
process.stdout.write(
  `${rows.length} tokens; ${DIRECTIONS} directions hold ${(kept / total).toFixed(2)} of the variance\n`,
);
