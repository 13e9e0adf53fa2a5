/** What a tokeniser makes of a text or of a pair of them; numbers and not tensors. */
export interface Tokenised {
  readonly input_ids: readonly number[];
  readonly token_type_ids?: readonly number[];
}

/** Tokens as a model is given them; `types` says which of the two texts each is of. */
export interface Tokens {
  readonly ids: readonly number[];
  readonly types: readonly number[];
}

/** The special tokens that a model wants around a query and a passage, and how it tells the two apart. */
export interface PairFrame {
  readonly before: Tokens;
  readonly between: Tokens;
  readonly after: Tokens;
  readonly queryType: number;
  readonly passageType: number;
}

/** Where a piece begins in a list of tokens, from a place on; -1 where it does not occur. */
export function indexOf(ids: readonly number[], piece: readonly number[], from: number): number {
  for (let at = from; at + piece.length <= ids.length; at += 1) {
    if (piece.every((id, i) => ids[at + i] === id)) return at;
  }
  return -1;
}

/** The frame, from one word alone, without special tokens, and from a pair that is that word twice. */
export function pairFrame({ input_ids: word }: Tokenised, { input_ids: ids, token_type_ids }: Tokenised): PairFrame {
  const types = token_type_ids ?? ids.map(() => 0);
  const query = word.length === 0 ? -1 : indexOf(ids, word, 0);
  const passage = indexOf(ids, word, query + word.length);
  if (query < 0 || passage < 0) throw new Error('its tokeniser does not take pairs of texts');
  const part = (from: number, to?: number): Tokens => ({ ids: ids.slice(from, to), types: types.slice(from, to) });
  return {
    before: part(0, query),
    between: part(query + word.length, passage),
    after: part(passage + word.length),
    queryType: types[query] ?? 0,
    passageType: types[passage] ?? 0,
  };
}

/**
 * A query and a passage, cut to `maxTokens` with all special tokens kept: first the longer of the two, then both alike, as
 * cross-encoders are trained (sentence-transformers' `longest_first`). transformers.js would cut off the end of the pair,
 * its last special token and all, and with a long query the whole passage.
 */
export function framePair(
  frame: PairFrame,
  query: readonly number[],
  passage: readonly number[],
  maxTokens: number,
): Tokens {
  const { before, between, after } = frame;
  const room = Math.max(0, maxTokens - before.ids.length - between.ids.length - after.ids.length);
  const kept = query.slice(0, Math.max(room - passage.length, Math.ceil(room / 2)));
  const rest = passage.slice(0, room - kept.length);
  return {
    ids: [...before.ids, ...kept, ...between.ids, ...rest, ...after.ids],
    types: [
      ...before.types,
      ...kept.map(() => frame.queryType),
      ...between.types,
      ...rest.map(() => frame.passageType),
      ...after.types,
    ],
  };
}
