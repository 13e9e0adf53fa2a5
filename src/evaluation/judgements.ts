import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as z from 'zod';
import { readTextLines, type TextLine } from '../collection/mod.ts';
import { AppError } from '../errors.ts';

/** A question that documents were judged for. */
export interface Topic {
  readonly id: string;
  readonly text: string;
}

/** The grade of each judged document of a topic; above 0 is relevant. */
export type Grades = ReadonlyMap<string, number>;

/** Grades by topic. */
export type Judgements = ReadonlyMap<string, Grades>;

/** A judged set in BEIR's layout: `corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv`, each possibly with `.gz`. */
export interface JudgedSet {
  readonly name: string;
  /** The files that hold the documents. */
  readonly corpus: readonly string[];
  /** By topic id, in the order of their file. */
  readonly topics: ReadonlyMap<string, Topic>;
  /** Of topics with a relevant document: on others every ranking is as good. */
  readonly judgements: Judgements;
}

const query = z
  .object({ _id: z.string().min(1), text: z.string().regex(/\S/, 'is empty') })
  .transform(({ _id: id, text }): Topic => ({ id, text }));
const COLUMNS = 3;
const HEADER = 'query-id\tcorpus-id\tscore';
const GRADE = /^-?\d{1,9}$/;

function bad(file: string, { number: line }: TextLine, reason: string): AppError {
  return new AppError('BAD_INPUT', { file, line, reason });
}

function topicOf(file: string, line: TextLine): Topic {
  let told: unknown;
  try {
    told = JSON.parse(line.text);
  } catch (cause) {
    throw new AppError('BAD_INPUT', { file, line: line.number, reason: 'the line is no JSON' }, { cause });
  }
  const parsed = query.safeParse(told);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw bad(file, line, `a query has an _id and a text: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** Reads BEIR's `queries.jsonl`, compressed or not. Throws FILE_NOT_FOUND and BAD_INPUT with the line. */
export async function readTopics(file: string): Promise<Map<string, Topic>> {
  const topics = new Map<string, Topic>();
  for await (const line of readTextLines(file)) {
    if (line.text.trim() === '') continue;
    const topic = topicOf(file, line);
    if (topics.has(topic.id)) throw bad(file, line, `the query ${topic.id} is there twice`);
    topics.set(topic.id, topic);
  }
  return topics;
}

/**
 * Reads BEIR's qrels, a table of `query-id`, `corpus-id` and `score` with tabs between, compressed or not; keeps the topics
 * that have a relevant document. Throws FILE_NOT_FOUND and BAD_INPUT with the line, also where there is no such topic.
 */
export async function readJudgements(file: string): Promise<Map<string, Grades>> {
  const judged = new Map<string, Map<string, number>>();
  for await (const line of readTextLines(file)) {
    if (line.text.trim() === '' || (line.number === 1 && line.text.trim() === HEADER)) continue;
    const cells = line.text.split('\t').map((cell) => cell.trim());
    const [topic = '', document = '', grade = ''] = cells;
    if (cells.length !== COLUMNS || topic === '' || document === '') {
      throw bad(file, line, 'a judgement has 3 columns with tabs between: query-id, corpus-id, score');
    }
    if (!GRADE.test(grade)) throw bad(file, line, `the score is a whole number, not "${grade}"`);
    const grades = judged.get(topic) ?? new Map<string, number>();
    if (grades.has(document) && grades.get(document) !== Number(grade)) {
      throw bad(file, line, `the document ${document} has another score for query ${topic} further up`);
    }
    judged.set(topic, grades.set(document, Number(grade)));
  }
  const kept = [...judged].filter(([, grades]) => [...grades.values()].some((grade) => grade > 0));
  if (kept.length === 0) throw bad(file, { number: 1, text: '' }, 'no query has a document with a score above 0');
  return new Map(kept);
}

function existing(path: string): string | undefined {
  return [path, `${path}.gz`].find((file) => existsSync(file));
}

/**
 * Reads a folder in BEIR's layout; `corpus` names the files of documents where they lie elsewhere.
 * Throws FILE_NOT_FOUND and BAD_INPUT with file and line.
 */
export async function readJudgedSet(folder: string, corpus: readonly string[] = []): Promise<JudgedSet> {
  const ownCorpus = join(folder, 'corpus.jsonl');
  const own = existing(ownCorpus);
  if (corpus.length === 0 && own === undefined) {
    const reason = 'there is no such file; --corpus names the files that hold the documents';
    throw new AppError('FILE_NOT_FOUND', { file: ownCorpus, reason });
  }
  const [queries, qrels] = [join(folder, 'queries.jsonl'), join(folder, 'qrels', 'test.tsv')];
  return {
    name: basename(resolve(folder)),
    corpus: corpus.length > 0 || own === undefined ? corpus : [own],
    topics: await readTopics(existing(queries) ?? queries),
    judgements: await readJudgements(existing(qrels) ?? qrels),
  };
}
