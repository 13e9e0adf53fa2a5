/** UTF-16 offsets of a sentence, blanks at its ends left out. */
export interface Sentence {
  readonly start: number;
  readonly end: number;
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Abbreviations that never end a sentence: something belongs to them. */
const BINDING =
  /(?:^|[\s("'[~])(?:e\.g|i\.e|cf|vs|resp|approx|w\.r\.t|s\.t|viz|ca|incl|figs?|eqs?|eqns?|secs?|sect|refs?|tabs?|thms?|lem|props?|defs?|algs?|chs?|chap|nos?|vols?|pp|dr|prof|mrs?|ms|st)\.$/i;
/** Abbreviations and initials that may end one: they do when the next begins with a word that begins sentences. */
const MAYBE_BINDING = /(?:\bal|\betc|\bi\.i\.d|\ba\.k\.a|\ba\.s|\bjr|\binc|\bltd|(?:^|[\s(.-])\p{Lu})\.$/iu;
const OPENING =
  /^(?:We|Our|The|This|These|That|Those|They|There|Then|It|Its|In|On|At|By|As|A|An|To|For|From|With|However|Moreover|Furthermore|Here|Finally|First|Second|Thus|Hence|If|When|While|Although|Additionally|Such|Results?|Using|Experiments?|Both|Each|One|Most|Many|Some|Since|Existing|Recent|Unlike|Code)\b/;
/** TeX mathematics, told from amounts of money by the blanks: `$x + y$`, not `$5 and $`. */
const MATHEMATICS = /\$\$[^$]{1,500}\$\$|\$(?![\s$])[^$]{0,300}[^\s$\\]\$(?!\d)/g;
/** Segmented in one piece: `Intl.Segmenter` takes time by length × sentences (280 kB: 7 s). A longer sentence is cut. */
const WINDOW = 4096;
/** A full stop between blanks, as in texts that come tokenised, often in lower case: it ends a sentence whatever follows. */
const LONE_STOP = /\s\.(?=\s)/g;
/** Only so much before a boundary is looked at for an abbreviation. UTF-16 units. */
const REACH = 16;

/** Ends of spans of mathematics by their starts, in order. */
function mathematics(text: string): Sentence[] {
  return Array.from(text.matchAll(MATHEMATICS), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Where a sentence may end: where UAX 29 says so, and at full stops between blanks. The last is the end of the text. */
function* boundaries(text: string): Generator<number> {
  const stops = Array.from(text.matchAll(LONE_STOP), ({ index }) => index + 2);
  let stop = 0;
  for (const end of unicodeBoundaries(text)) {
    for (; (stops[stop] ?? Infinity) < end; stop += 1) yield stops[stop] ?? end;
    yield end;
  }
}

/** Ends of the sentences by UAX 29; the last is the end of the text. */
function* unicodeBoundaries(text: string): Generator<number> {
  let start = 0;
  while (text.length - start > WINDOW) {
    const ends = Array.from(SEGMENTER.segment(text.slice(start, start + WINDOW)), ({ index }) => start + index).slice(
      1,
    );
    // The window may have cut its last sentence short: the next window begins with it.
    if (ends.length === 0) ends.push(start + WINDOW);
    yield* ends;
    start = ends[ends.length - 1] ?? text.length;
  }
  for (const { index, segment } of SEGMENTER.segment(text.slice(start))) yield start + index + segment.length;
}

function isFalseBoundary(text: string, at: number): boolean {
  const reach = text.slice(Math.max(0, at - REACH), at).trimEnd();
  const before = reach.replace(/\s\.$/, '.');
  const after = text.slice(at, at + REACH).trimStart();
  const isLone = before !== reach;
  if ((isLone ? /^[,;:)\]]/ : /^\p{Ll}|^[,;:)\]]/u).test(after)) return true;
  if (BINDING.test(before)) return true;
  return MAYBE_BINDING.test(before) && !OPENING.test(after);
}

/** A number or letter of an enumeration stands alone between two boundaries: it goes with what follows. */
function isOnlyLabel(piece: string): boolean {
  return piece.length <= 4 && !/\p{L}{2}/u.test(piece);
}

function trimmed(text: string, start: number, end: number): Sentence | undefined {
  const piece = text.slice(start, end);
  const from = start + (piece.length - piece.trimStart().length);
  const to = start + piece.trimEnd().length;
  return from < to ? { start: from, end: to } : undefined;
}

/**
 * Sentences of a text in order; together they cover everything but blanks. Unicode's rules (UAX 29), repaired for
 * scientific prose: hard line breaks, abbreviations (`et al.`, `Fig. 3`), initials and TeX mathematics end no sentence.
 */
export function sentences(text: string): Sentence[] {
  // A line break ends a sentence by UAX 29, but abstracts come hard-wrapped; blank lines are kept. Lengths stay the same.
  const unwrapped = text.replace(/\r(?=\n)/g, ' ').replace(/\n(?![^\S\n]*\n)/g, ' ');
  const spans = mathematics(unwrapped);
  const found: Sentence[] = [];
  let start = 0;
  let span = 0;
  for (const end of boundaries(unwrapped)) {
    while ((spans[span]?.end ?? Infinity) <= end) span += 1;
    const inMathematics = (spans[span]?.start ?? Infinity) < end;
    const isLast = end === unwrapped.length;
    const endsParagraph = unwrapped[end - 1] === '\n';
    const joins = inMathematics || isOnlyLabel(unwrapped.slice(start, Math.min(end, start + 8)).trim());
    if (!isLast && !endsParagraph && (joins || isFalseBoundary(unwrapped, end))) continue;
    const sentence = trimmed(unwrapped, start, end);
    if (sentence) found.push(sentence);
    start = end;
  }
  return found;
}
