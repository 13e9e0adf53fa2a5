import type { Command } from 'commander';
import { openSearch, type Search } from '../app/mod.ts';
import { FACETS, SEARCH_MODES, SEARCH_ORDERS } from '../domain/mod.ts';
import { type Context, contextOf, filterOf, type GlobalFlags, oneOf, share, wholeNumber } from './context.ts';
import { printAnswer, printJson } from './print.ts';

interface ListFlags extends GlobalFlags {
  readonly k: string;
  readonly filter?: readonly string[];
  readonly explain?: boolean;
}

interface SearchFlags extends ListFlags {
  readonly mode: string;
  readonly sort: string;
  readonly rerank?: boolean;
  readonly minScore?: string;
}

interface RelatedFlags extends ListFlags {
  readonly not?: readonly string[];
  readonly text?: string;
  readonly facet?: string;
}

const MOST_HITS = 1000;
const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** Opens the library, brings the engine up to what is stored, and closes it whatever happens. */
async function withSearch<T>(
  { config }: Context,
  models: { readonly encoder: 'load' | 'none'; readonly reranker: 'load' | 'none' },
  use: (search: Search) => Promise<T>,
): Promise<T> {
  const search = await openSearch(config, { create: false, ...models });
  try {
    await search.follower.catchUp();
    return await use(search);
  } finally {
    await search.close();
  }
}

export function addSearch(program: Command): Command {
  return program
    .command('search')
    .description('find papers that answer a question')
    .argument('<query...>', 'the question, in plain words')
    .option('-k <n>', 'how many papers', '10')
    .option('--mode <mode>', SEARCH_MODES.join(', '), 'hybrid')
    .option('--sort <order>', SEARCH_ORDERS.join(', '), 'relevance')
    .option('--filter <expression>', 'for example: year>=2020 category:cs.CL (repeatable)', collect)
    .option('--min-score <p>', 'keep out papers less likely than this to be relevant, from 0 to 1')
    .option('--rerank', 'let the configured cross-encoder order the first hits')
    .option('--explain', 'show how each score came about')
    .action(async (words: string[], flags: SearchFlags) => {
      const context = contextOf(flags);
      const mode = oneOf(flags.mode, '--mode', SEARCH_MODES);
      const request = {
        query: words.join(' '),
        k: wholeNumber(flags.k, '-k', 1, MOST_HITS),
        mode,
        sort: oneOf(flags.sort, '--sort', SEARCH_ORDERS),
        filter: filterOf(flags.filter),
        explain: flags.explain ?? false,
        lastWord: 'whole' as const,
        rerank: flags.rerank ?? false,
        minScore: flags.minScore === undefined ? undefined : share(flags.minScore, '--min-score'),
      };
      const models = {
        encoder: mode === 'lexical' ? ('none' as const) : ('load' as const),
        reranker: request.rerank ? ('load' as const) : ('none' as const),
      };
      const { times: _, ...answer } = await withSearch(context, models, ({ retrieval }) => retrieval.search(request));
      if (context.json) printJson(answer);
      else printAnswer(answer, request.minScore);
    });
}

export function addRelated(program: Command): Command {
  return program
    .command('related')
    .description('find the kin of papers, or of a text')
    .argument('[ids...]', 'ids of papers in any spelling')
    .option('--not <id>', 'a paper to keep away from (repeatable)', collect)
    .option('--text <text>', 'a text to start from, such as an abstract')
    .option('--facet <facet>', `what they are to have in common: ${FACETS.join(', ')}`)
    .option('-k <n>', 'how many papers', '10')
    .option('--filter <expression>', 'for example: year>=2020 (repeatable)', collect)
    .option('--explain', 'show how each score came about')
    .action(async (ids: string[], flags: RelatedFlags) => {
      const context = contextOf(flags);
      const request = {
        positive: ids,
        negative: flags.not ?? [],
        ...(flags.text === undefined ? {} : { text: flags.text }),
        ...(flags.facet === undefined ? {} : { facet: oneOf(flags.facet, '--facet', FACETS) }),
        k: wholeNumber(flags.k, '-k', 1, MOST_HITS),
        filter: filterOf(flags.filter),
        explain: flags.explain ?? false,
      };
      // The papers' embeddings are stored; only a text and the sentences of a facet need the model.
      const encoder = request.text === undefined && request.facet === undefined ? 'none' : 'load';
      const { times: _, ...answer } = await withSearch(context, { encoder, reranker: 'none' }, ({ retrieval }) =>
        retrieval.related(request),
      );
      if (context.json) printJson(answer);
      else printAnswer(answer);
    });
}
