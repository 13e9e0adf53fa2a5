import { readTextLines } from '../collection/mod.ts';
import { AppError } from '../errors.ts';
import { type Judgements, type Topic } from './judgements.ts';
import { measure, type Metrics } from './metrics.ts';

export interface ScoredDocument {
  readonly document: string;
  readonly score: number;
}

/** What was retrieved for each topic, in any order: the scores decide. */
export type Run = ReadonlyMap<string, readonly ScoredDocument[]>;

const COLUMNS = 6;

/**
 * Ids as trec_eval ranks them: by falling score, which it keeps in single precision, and among equal scores by falling id,
 * byte by byte. The rank column and the order of lines count for nothing.
 */
export function trecOrder(documents: readonly ScoredDocument[]): ScoredDocument[] {
  return documents
    .map(({ document, score }) => ({ document, score: Math.fround(score), bytes: Buffer.from(document) }))
    .sort((a, b) => b.score - a.score || Buffer.compare(b.bytes, a.bytes))
    .map(({ document, score }) => ({ document, score }));
}

/** Reads a run in TREC's six columns, compressed or not. Throws FILE_NOT_FOUND, and BAD_INPUT with the line. */
export async function readRun(file: string): Promise<Run> {
  const run = new Map<string, ScoredDocument[]>();
  const seen = new Map<string, Set<string>>();
  for await (const { number: line, text } of readTextLines(file)) {
    if (text.trim() === '') continue;
    const cells = text.trim().split(/\s+/);
    const [topic = '', , document = '', , given = ''] = cells;
    const fail = (reason: string): AppError => new AppError('BAD_INPUT', { file, line, reason });
    if (cells.length !== COLUMNS) {
      throw fail(`a run has 6 columns (topic Q0 document rank score tag), this line ${cells.length}`);
    }
    const score = Number(given);
    if (!Number.isFinite(score)) throw fail(`the score is a number, not "${given}"`);
    const documents = seen.get(topic) ?? new Set<string>();
    if (documents.has(document)) throw fail(`the document ${document} is ranked twice for topic ${topic}`);
    seen.set(topic, documents.add(document));
    const ranked = run.get(topic) ?? [];
    ranked.push({ document, score });
    run.set(topic, ranked);
  }
  return run;
}

function column(text: string, what: string): string {
  if (/^\S+$/.test(text)) return text;
  throw new AppError('USAGE', {
    message: `the ${what} "${text}" cannot stand in a TREC run, whose columns are parted by blanks`,
  });
}

/** The lines of a run in TREC's six columns. Throws USAGE where an id has blanks. */
export async function* runLines(run: Run, tag: string): AsyncGenerator<string> {
  for (const [topic, documents] of run) {
    const lines = trecOrder(documents).map(
      ({ document, score }, i) =>
        `${column(topic, 'topic')} Q0 ${column(document, 'document')} ${i + 1} ${score} ${tag}\n`,
    );
    yield lines.join('');
  }
}

export interface TopicMetrics {
  readonly topic: string;
  readonly text: string | undefined;
  readonly metrics: Metrics;
}

/** What a run is worth on each judged topic; one that retrieved nothing counts 0. */
export function measureRun(
  run: Run,
  judgements: Judgements,
  topics: ReadonlyMap<string, Topic> = new Map(),
): TopicMetrics[] {
  return [...judgements].map(([topic, grades]) => ({
    topic,
    text: topics.get(topic)?.text,
    metrics: measure(
      trecOrder(run.get(topic) ?? []).map(({ document }) => document),
      grades,
    ),
  }));
}
