import { styleText } from 'node:util';
import { type Answer, type Degradation, type Hit, type PaperJson, STAGES, type Understood } from '../domain/mod.ts';
import type { SourceRecord } from '../store/mod.ts';

// Text from papers goes to a terminal: control characters could move its cursor or set its title.
const CONTROL = /[^\P{Cc}\n\t]/gu;

export const clean = (text: string): string => text.replace(CONTROL, '');

type Style = 'bold' | 'dim' | 'cyan' | 'yellow';

export function styled(style: Style, text: string): string {
  return process.stdout.isTTY ? styleText(style, text) : text;
}

export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON object on one line of standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function byline({ authors, year, venue, categories }: PaperJson): string {
  const names =
    authors.length > 3 ? `${authors.slice(0, 3).join(', ')} and ${authors.length - 3} more` : authors.join(', ');
  return [names, year, venue, categories.join(' ')].filter((part) => part !== '' && part !== null).join(' · ');
}

function explanationLine({ explanation, relevance }: Hit): string | undefined {
  if (!explanation) return undefined;
  const sides = [
    ['lexical', explanation.lexical],
    ['dense', explanation.dense],
  ] as const;
  const told = sides.map(([name, side]) =>
    side
      ? `${name}: rank ${side.rank ?? '–'}, score ${side.score?.toFixed(3) ?? '–'}, ${side.weight.toFixed(3)} × ${side.scaled.toFixed(3)}`
      : `${name}: –`,
  );
  for (const stage of STAGES) {
    const added = explanation[stage];
    if (added) told.push(`${stage}: ${added.weight.toFixed(3)} × ${added.value.toFixed(3)}`);
  }
  const { facet, author, recency, trend, rerank } = explanation;
  if (facet) told.push(`facet: ${facet.weight.toFixed(3)} × ${facet.value.toFixed(3)}`);
  if (author !== undefined) told.push(`author: ${author.toFixed(3)}`);
  if (recency !== undefined) told.push(`recency: × ${recency.toFixed(3)}`);
  if (trend !== undefined) told.push(`votes for now: ${trend.toPrecision(3)}`);
  if (rerank) told.push(`rerank: rank ${rerank.rank}, score ${rerank.score.toFixed(3)}`);
  if (relevance !== undefined) told.push(`probably relevant: ${relevance.toFixed(2)}`);
  return [...(explanation.exact ? [`the query is its ${explanation.exact}`] : []), ...told].join('   ');
}

const LACKS: { readonly [part in Degradation['part']]: string } = {
  dense: 'without the dense side',
  embeddings: 'not by meaning everywhere',
  lexical: 'without the lexical side',
  evidence: 'without evidence',
  rerank: 'not reranked',
  facet: 'not by the facet alone',
  relevance: 'no paper is held back as irrelevant',
};

/** What a query was taken for, where that is more than words to look for. */
function understoodLine({ form, text, filter, corrections, authors }: Understood): string | undefined {
  const parts = [
    ...(filter === null ? [] : [`only papers with ${filter}`]),
    ...corrections.map(({ typed, taken }) => `${taken}, as no paper has ${typed}`),
    ...(authors.length > 0 ? [`author ${authors.join(', ')}`] : []),
  ];
  if (parts.length === 0 && form !== 'id') return undefined;
  return [`understood: ${form === 'id' ? 'an id; ' : ''}${text}`, ...parts].join('; ');
}

/** Of a listed paper: its place, title and score where it has one, who wrote it, and its id. */
export function printPaperHead(rank: number, score: number | undefined, paper: PaperJson): void {
  const told = score === undefined ? '' : `  ${styled('dim', score.toFixed(3))}`;
  printLine(`${styled('bold', `${rank}. ${clean(paper.title)}`)}${told}`);
  if (byline(paper) !== '') printLine(styled('dim', `   ${clean(byline(paper))}`));
  printLine(`   ${styled('cyan', clean(paper.id))}`);
}

/** `minScore`: the relevance that was asked for at least. */
export function printAnswer(
  { hits, total, heldBack = 0, tookMs, degraded, understood }: Answer,
  minScore?: number,
): void {
  const line = understood && understoodLine(understood);
  if (line) printLine(styled('dim', clean(line)));
  for (const { part, reason } of degraded) printLine(styled('yellow', `${LACKS[part]}: ${reason}`));
  for (const hit of hits) {
    const { paper, evidence } = hit;
    printPaperHead(hit.rank, hit.score, paper);
    if (evidence) printLine(`   ${clean(evidence.text)}`);
    if (hit.duplicates) printLine(styled('dim', `   also: ${clean(hit.duplicates.join(', '))}`));
    const explained = explanationLine(hit);
    if (explained) printLine(styled('dim', `   ${explained}`));
    printLine();
  }
  if (heldBack > 0) {
    const papers = heldBack === 1 ? '1 paper' : `${heldBack} papers`;
    printLine(styled('yellow', `held back: ${papers} whose relevance is below ${minScore} or not known`));
  } else if (hits.length === 0) {
    printLine('no paper found');
  }
  const among = total === null ? '' : ` of ${total}`;
  printLine(styled('dim', `${hits.length}${among} papers, ${tookMs.toFixed(0)} ms`));
}

type Row = readonly [name: string, value: string | number | null];

function printRows(rows: readonly Row[], indent = ''): void {
  for (const [name, value] of rows) {
    if (value !== null && value !== '') {
      printLine(`${indent}${styled('dim', name.padEnd(10))} ${clean(String(value))}`);
    }
  }
}

export function printPaper(paper: PaperJson): void {
  printLine(styled('bold', clean(paper.title)));
  printLine(styled('dim', clean(byline(paper))));
  if (paper.withdrawn) printLine(styled('yellow', 'withdrawn'));
  printLine();
  printLine(paper.abstract === '' ? styled('dim', 'no abstract') : clean(paper.abstract));
  printLine();
  printRows([
    ['id', paper.id],
    ...Object.entries(paper.ids),
    ['also', paper.aliases.join(', ')],
    ['date', paper.date],
    ['versions', paper.versions.map(({ number, date }) => `v${number}${date ? ` (${date})` : ''}`).join(', ')],
    ['url', paper.url],
    ['keywords', paper.keywords.join(', ')],
    ['comment', paper.comment],
    ['sources', paper.sources.join(', ')],
  ]);
}

/** What each source says of a paper, field by field. */
export function printRecords(records: readonly SourceRecord[]): void {
  for (const record of records) {
    printLine();
    printLine(styled('bold', clean(record.source)));
    if ('withdrawn' in record) {
      printRows([['withdrawn', record.withdrawn]], '  ');
      continue;
    }
    const fields = Object.entries(record.paper).filter(([, value]) => !Array.isArray(value) || value.length > 0);
    printRows(
      fields.map(([name, value]): Row => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
      '  ',
    );
  }
}
