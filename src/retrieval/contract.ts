import type {
  Answer,
  Breakdown,
  Evidence,
  Facet,
  Filter,
  PaperJson,
  PaperKey,
  SearchMode,
  SearchOrder,
  Stage,
} from '../domain/mod.ts';

export interface SearchRequest {
  readonly query: string;
  /** `text`: the query is a text that says what papers are like, and no sign in it is a condition. */
  readonly signs?: 'text';
  /** Hits wanted, 1 to 1,000. */
  readonly k: number;
  readonly mode: SearchMode;
  readonly filter: Filter;
  readonly explain: boolean;
  /** Absent: by relevance. */
  readonly sort?: SearchOrder;
  /** `prefix` while the user is still typing the last word. */
  readonly lastWord: 'whole' | 'prefix';
  /** Whether the first hits are put in the order of a cross-encoder; NO_RERANKER where there is none. */
  readonly rerank?: boolean;
  /** Stages to leave out, to see what each is worth. */
  readonly without?: readonly Stage[];
  /** `none`: hits come without a sentence, which takes most of the time of a long page. */
  readonly evidence?: 'none';
  /**
   * Only papers whose `relevance` is known and at least this, in [0, 1], are hits. USAGE in another mode than hybrid; where
   * the dense side fails no paper is held back, and the answer says so.
   */
  readonly minScore?: number | undefined;
  /** Aborted once nobody waits for the answer: the search then ends at its next pause, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Of which search the papers are counted. */
export type BreakdownRequest = Pick<SearchRequest, 'query' | 'mode' | 'filter' | 'lastWord' | 'signal'>;

export interface RelatedRequest {
  /** Ids in any spelling; each must be in the workspace (PAPER_NOT_FOUND). */
  readonly positive: readonly string[];
  readonly negative: readonly string[];
  /** A pasted abstract, alone or beside the ids. At least one positive id or a text (USAGE otherwise). */
  readonly text?: string;
  /** What kin are to have in common; everything where it is absent. */
  readonly facet?: Facet | undefined;
  readonly k: number;
  readonly filter: Filter;
  readonly explain: boolean;
  /** As in a search. */
  readonly evidence?: 'none';
}

/** Milliseconds a search spent in each stage; stages that ran at once overlap. */
export interface StageTimes {
  encode: number;
  lexical: number;
  dense: number;
  fuse: number;
  refine: number;
  rerank: number;
  evidence: number;
  fetch: number;
}

export type Timed = Answer & { readonly times: StageTimes };

export function noTimes(): StageTimes {
  return { encode: 0, lexical: 0, dense: 0, fuse: 0, refine: 0, rerank: 0, evidence: 0, fetch: 0 };
}

export interface Retrieval {
  search(request: SearchRequest): Promise<Timed>;
  related(request: RelatedRequest): Promise<Timed>;
  /** How the papers that a search finds divide by year, category, venue, source and author. */
  breakdown(request: BreakdownRequest): Promise<Breakdown>;
  /**
   * The sentence of each paper that says best what a text says, `null` where there is none; `embedding` is the text's, unit
   * length. Same order as `papers`.
   */
  evidence(
    text: string,
    embedding: Float32Array | undefined,
    papers: readonly { readonly key: PaperKey; readonly paper: PaperJson }[],
  ): Promise<(Evidence | null)[]>;
}
