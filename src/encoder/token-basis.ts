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

/** The outputs for the given rows of `hidden` (`[tokens, model dimensions]`), projected and packed. */
export function projectTokens(
  { dimensions, directions }: TokenBasis,
  hidden: Float32Array,
  rows: readonly number[],
): TokenVectors {
  const width = directions.length / dimensions;
  const vectors = new Int8Array(rows.length * dimensions);
  const projection = new Float32Array(dimensions);
  rows.forEach((row, at) => {
    let squares = 0;
    for (let d = 0; d < dimensions; d += 1) {
      let sum = 0;
      for (let i = 0; i < width; i += 1) sum += (directions[d * width + i] ?? 0) * (hidden[row * width + i] ?? 0);
      projection[d] = sum;
      squares += sum * sum;
    }
    const scale = squares > 0 ? ONE / Math.sqrt(squares) : 0;
    for (let d = 0; d < dimensions; d += 1) vectors[at * dimensions + d] = Math.round((projection[d] ?? 0) * scale);
  });
  return { dimensions, vectors };
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
