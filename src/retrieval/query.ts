import {
  FILTER_FIELDS,
  type Filter,
  formatFilterValue,
  formatPaperId,
  parseFilter,
  parsePaperId,
  type QueryForm,
} from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { countSentences, formOf, MAX_TYPED_LENGTH, MAX_TYPED_WORDS, wordsOf } from './query-form.ts';

/** What a person typed, taken apart. */
export interface ReadQuery {
  readonly form: QueryForm;
  /** What is to be searched for, by words and meaning: everything but conditions, with the words of phrases. May be empty. */
  readonly text: string;
  /** What the query says must hold: phrases, exclusions, fields. */
  readonly filter: Filter;
  /** The phrases that papers must say, without quotation marks. */
  readonly phrases: readonly string[];
  /** Whether the last word of the text is complete as far as the query tells: a condition or a blank follows it. */
  readonly isFinished: boolean;
  /** All that is searched for is this id, as Paperkin writes ids. */
  readonly exactId?: string;
}

/**
 * Quotation marks and minus signs in more words than these are prose: 18 of 20 summaries with quotation marks have more, or
 * several sentences. Words within quotation marks are not counted.
 */
const MAX_WORDS_WITH_SIGNS = 12;
/** Longer ids are not typed, nor pasted: long addresses have some 300 characters. */
export const MAX_ID_LENGTH = 500;

const FIELD = `(?:${FILTER_FIELDS.join('|')})(?:>=|<=|>|<|=|:)`;
const QUOTED = '"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]';
const CLOSED = '(?=[\\s,.;:!?)\\]]|$)';
/** What may be a condition, at a place where a word begins. */
const QUOTE = new RegExp(`(-?)((?:${FIELD})?)(${QUOTED})${CLOSED}`, 'iuy');
const VALUE = new RegExp(`(-?)(${FIELD})([^\\s"“”«»]+)(?=\\s|$)`, 'iuy');
/** A minus sign before a word: not `-5`, which is a number, nor the `--` of a dash. */
const EXCLUSION = /-()((?=\S*\p{L})[\p{L}\p{N}][^\s"“”«»]*)(?=\s|$)/uy;
const ENDS_IN_PUNCTUATION = /[,.;:!?)\]]+$/;
export const HAS_WORD = /[\p{L}\p{N}]/u;
const ENDS_IN_STOP = /[.,;:!?]+$/;
const IN_BRACKETS = /^[<([{"“”„'‘’«](.*)[>)\]}"“”'’»]$/su;
/** `[cs.CL]`, and `[cs.CL] 12 Jun 2017` as in the margin of a paper. */
const ARXIV_CLASS = /\s*\[[a-z-]+(?:\.[a-z-]+)?\](?:\s+\d{1,2} \p{L}{3} \d{4})?$/iu;
/** Before a blank instead of a colon. What follows has to look like such an id, so words are safe: `ACL injuries`. */
const LABEL_AND_BLANK = /^(arxiv|doi|acl|pmid)\s+(?=\S+$)/i;
/** The end of an address of arXiv, or of the many sites that have its ids in theirs. */
const ARXIV_PATH = /^(?:\S*\/)?(?:abs|pdf|html|papers?|arxiv)[/:](\S+?)(?:\.pdf)?\/?(?:[?#]\S*)?$/i;

interface Piece {
  readonly end: number;
  /** Clauses as the filter language writes them. */
  readonly condition?: string;
  /** What stays to be searched for. */
  readonly words: string;
  readonly phrase?: string;
}

/** A condition as a filter that holds, or `undefined`: `year:soon` and `has:beens` are words like any others. */
function checked(condition: string): string | undefined {
  try {
    parseFilter(condition);
    return condition;
  } catch (error) {
    if (error instanceof AppError && error.code === 'INVALID_FILTER') return undefined;
    throw error;
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function conditionPiece(minus: string, field: string, value: string, end: number): Piece | undefined {
  const name = field === '' ? 'text:' : field;
  const condition = checked(`${minus}${name}${formatFilterValue(value)}`);
  if (condition === undefined) return undefined;
  const staysToSearchFor = minus === '' && /^t(?:ext|itle)/i.test(name);
  return {
    end,
    condition,
    words: staysToSearchFor ? value : '',
    ...(staysToSearchFor ? { phrase: value } : {}),
  };
}

/** The condition that begins here, if one does. */
function pieceAt(text: string, at: number, signs: boolean): Piece | undefined {
  const quote = match(QUOTE, text, at);
  if (quote) {
    const [whole, minus = '', field = '', quoted = ''] = quote;
    if (field === '' && !signs) return undefined;
    const value = quoted.slice(1, -1).trim();
    const end = at + whole.length;
    return HAS_WORD.test(value) ? conditionPiece(minus, field, value, end) : { end, words: '' };
  }
  const valued = match(VALUE, text, at);
  if (valued) {
    const [whole, minus = '', field = '', value = ''] = valued;
    return conditionPiece(minus, field, value, at + whole.length);
  }
  const excluded = signs ? match(EXCLUSION, text, at) : undefined;
  if (!excluded) return undefined;
  const [whole, , value = ''] = excluded;
  return conditionPiece('-', '', value.replace(ENDS_IN_PUNCTUATION, ''), at + whole.length);
}

/** Whether a text is short and plain enough for signs in it to be meant for the search. */
function hasSigns(text: string): boolean {
  const unquoted = text.replace(new RegExp(QUOTED, 'gu'), ' ');
  return wordsOf(unquoted).length <= MAX_WORDS_WITH_SIGNS && countSentences(unquoted) === 1 && !text.includes('$');
}

interface Conditions {
  readonly text: string;
  readonly conditions: readonly string[];
  readonly phrases: readonly string[];
  readonly isFinished: boolean;
}

/** Takes the conditions out of a typed text. Linear but for quotation marks, which short texts have few of. */
function takeApart(text: string): Conditions {
  const signs = hasSigns(text);
  const kept: string[] = [];
  const pieces: Piece[] = [];
  const words = /\S+/gu;
  let endsInCondition = false;
  for (let word = words.exec(text); word; word = words.exec(text)) {
    const opening = /^[([]+(?=["“«„])/u.exec(word[0])?.[0].length ?? 0;
    const piece = pieceAt(text, word.index + opening, signs);
    endsInCondition = piece !== undefined;
    if (!piece) {
      kept.push(word[0]);
      continue;
    }
    pieces.push(piece);
    if (piece.words !== '') kept.push(piece.words);
    words.lastIndex = piece.end;
  }
  return {
    text: kept.join(' '),
    conditions: pieces.flatMap(({ condition }) => condition ?? []),
    phrases: pieces.flatMap(({ phrase }) => phrase ?? []),
    isFinished: endsInCondition || /\s$/u.test(text),
  };
}

/** An id without what is pasted along with it: brackets or quotation marks around it, the stop after it, arXiv's class. */
function bareId(pasted: string): string {
  let text = pasted.normalize('NFKC');
  for (let before = ''; text !== before;) {
    before = text;
    text = text.trim().replace(ENDS_IN_STOP, '').replace(ARXIV_CLASS, '').replace(IN_BRACKETS, '$1');
  }
  return text.replace(/\s+(?=v\d+$)/i, '').replace(LABEL_AND_BLANK, '$1:');
}

/** The id that a text is, as Paperkin writes ids. Only queries are read so: an import keeps the ids that its records have. */
function idIn(text: string): string | undefined {
  if (text.length > MAX_ID_LENGTH) return undefined;
  const bare = bareId(text);
  const onPath = parsePaperId(ARXIV_PATH.exec(bare)?.[1] ?? '');
  const id = onPath.scheme === 'arxiv' ? onPath : parsePaperId(bare);
  return id.scheme === 'local' || /\s/.test(id.value) ? undefined : formatPaperId(id);
}

/**
 * Letters and digits of East Asian keyboards as all others: the model knows `transformer`, not `ｔｒａｎｓｆｏｒｍｅｒ`. Nothing
 * else is folded, since it would change what Chinese punctuation, `x²` or `½` say.
 */
function withoutFullWidth(typed: string): string {
  return typed.replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+/gu, (wide) => wide.normalize('NFKC'));
}

/** A query as it stands, nothing in it read as a condition. */
export function plainQuery(typed: string): ReadQuery {
  const text = withoutFullWidth(typed).trim();
  return { form: formOf(text), text, filter: { clauses: [] }, phrases: [], isFinished: /\s$/u.test(typed) };
}

/**
 * Reads what a person typed: an id; or a text with `"phrases"`, `-exclusions` and fields as in filters (`author:Hinton`,
 * `year>=2020`, `title:"attention is"`), and what it is written as. Whatever is not well-formed is text. Long texts are
 * pasted, and nothing in them is a condition. Throws nothing, whatever the text.
 */
export function readQuery(typed: string): ReadQuery {
  const plain = plainQuery(typed);
  const exactId = idIn(plain.text);
  if (exactId !== undefined) return { ...plain, form: 'id', exactId };
  if (plain.form === 'abstract' || plain.text.length > MAX_TYPED_LENGTH) return plain;
  if (wordsOf(plain.text).length > MAX_TYPED_WORDS) return plain;
  const { text, conditions, phrases, isFinished } = takeApart(withoutFullWidth(typed));
  // More conditions than a filter may have are none.
  const filter = checked(conditions.join(' '));
  if (filter === undefined) return plain;
  const read = { form: formOf(text), text, filter: parseFilter(filter), phrases, isFinished };
  const idBeside = phrases.length > 0 ? undefined : idIn(text);
  return idBeside === undefined ? read : { ...read, form: 'id', exactId: idBeside };
}
