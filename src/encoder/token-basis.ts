import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenVectors } from './contract.ts';
import { TOKEN_BASIS_FILE } from './model-files.ts';

/**
 * A model's outputs for tokens in few dimensions: their projections upon the directions in which they differ most (principal
 * components). Of paperkin-minilm's 384 dimensions 48 rank as well as all; docs/relevance.md has the figures.
 */
export interface TokenBasis {
  /** Of a projection. */
  readonly dimensions: number;
  /** `[dimensions, model dimensions]`, row by row. */
  readonly directions: Float32Array;
}

const ONE = 127;

/** The basis in a model's folder; `undefined` where it has none. Throws where the file does not fit the model. */
export async function readTokenBasis(folder: string, modelDimensions: number): Promise<TokenBasis | undefined> {
  const file = join(folder, TOKEN_BASIS_FILE);
  if (!existsSync(file)) return undefined;
  const bytes = await readFile(file);
  const directions = new Float32Array(new Uint8Array(bytes).buffer);
  const dimensions = directions.length / modelDimensions;
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new Error(`${file} has ${bytes.length} bytes, which is no whole number of directions of ${modelDimensions}`);
  }
  return { dimensions, directions };
}

/** Directions that an output is projected upon at once: each of its values is then read once for all of them (a third of the time). */
const AT_ONCE = 4;

/** The outputs for the given rows of `hidden` (`[tokens, model dimensions]`), projected and packed. */
export function projectTokens(basis: TokenBasis, hidden: Float32Array, rows: readonly number[]): TokenVectors {
  const { dimensions } = basis;
  const vectors = new Int8Array(rows.length * dimensions);
  rows.forEach((row, at) => {
    const projection = project(basis, hidden, row);
    const squares = projection.reduce((sum, value) => sum + value * value, 0);
    const scale = squares > 0 ? ONE / Math.sqrt(squares) : 0;
    vectors.set(
      projection.map((value) => Math.round(value * scale)),
      at * dimensions,
    );
  });
  return { dimensions, vectors };
}

/** `[dimensions]` */
function project({ dimensions, directions }: TokenBasis, hidden: Float32Array, row: number): Float32Array {
  const width = directions.length / dimensions;
  const projection = new Float32Array(dimensions);
  for (let d = 0; d < dimensions; d += AT_ONCE) {
    // Past the last direction it is that one once more.
    const d1 = Math.min(d + 1, dimensions - 1);
    const d2 = Math.min(d + 2, dimensions - 1);
    const d3 = Math.min(d + 3, dimensions - 1);
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    for (let i = 0; i < width; i += 1) {
      const value = hidden[row * width + i] ?? 0;
      sum0 += (directions[d * width + i] ?? 0) * value;
      sum1 += (directions[d1 * width + i] ?? 0) * value;
      sum2 += (directions[d2 * width + i] ?? 0) * value;
      sum3 += (directions[d3 * width + i] ?? 0) * value;
    }
    projection[d] = sum0;
    projection[d1] = sum1;
    projection[d2] = sum2;
    projection[d3] = sum3;
  }
  return projection;
}

/** Words that are in every text: what they are near to tells nothing. */
const STOP_WORDS = new Set(
  (
    'the a an of and or in on for to with by from as is are was were be been it its this that these those we our their they ' +
    'which who what how where when at into than then but not no can may such also has have had do does did i you s t'
  ).split(' '),
);

/** Whether a token, as its tokeniser writes it, is part of a word that tells something. */
export function isContent(token: string): boolean {
  const word = token.replace(/^(?:##|[ĠĊ▁\s]+)/u, '').toLowerCase();
  return /[\p{L}\p{N}]/u.test(word) && !(STOP_WORDS.has(word) && !token.startsWith('##'));
}
