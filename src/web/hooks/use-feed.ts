import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { Feed } from '../../domain/mod.ts';
import { feedRequest } from '../api/feed-requests.ts';
import { asProblem, type Problem } from '../api/problem.ts';
import { keyOf } from '../api/requests.ts';
import { useServices } from '../services.ts';

export interface FeedPages {
  readonly pages: readonly Feed[];
  /** `loading`: another feed is on its way, `pages` are of the one before. */
  readonly state: 'loading' | 'ready' | 'failed';
  readonly problem: Problem | undefined;
  /** Whether more can be shown, or is being fetched. */
  readonly more: 'none' | 'there' | 'coming';
  readonly showMore: () => void;
  /** Makes the feed anew, from its first page. */
  readonly renew: () => void;
}

const STARTING_RETRY_MS = 1_500;

/** A feed, page by page. One that the server has forgotten is made anew, and the reader is told. */
export function useFeed(interest: string): FeedPages {
  const { client, toasts } = useServices();
  const queries = useQueryClient();
  const queryKey = keyOf(feedRequest(interest, undefined));
  const [url] = queryKey;
  const asked = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }: { readonly pageParam: string; readonly signal: AbortSignal }) =>
      client.ask(feedRequest(interest, pageParam || undefined), signal),
    initialPageParam: '',
    getNextPageParam: ({ next }: Feed) => next ?? undefined,
    refetchInterval: ({ state }) => (asProblem(state.error).code === 'NOT_READY' ? STARTING_RETRY_MS : false),
  });
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage } = asked;
  const problem = error === null ? undefined : asProblem(error);
  const renew = useCallback((): void => {
    queries.setQueryData<InfiniteData<Feed, string>>([url], (held) => held && firstPage(held));
    void queries.invalidateQueries({ queryKey: [url] });
  }, [queries, url]);
  const expired = problem?.code === 'FEED_EXPIRED';
  useEffect(() => {
    if (!expired) return;
    toasts.show({ kind: 'done', text: 'This feed was over an hour old: here is a new one' });
    renew();
  }, [expired, renew, toasts]);
  const failed = problem !== undefined && !expired;
  return {
    pages: data?.pages ?? [],
    state: failed ? 'failed' : isFetching && !isFetchingNextPage ? 'loading' : data ? 'ready' : 'loading',
    problem: failed ? problem : undefined,
    more: isFetchingNextPage ? 'coming' : hasNextPage ? 'there' : 'none',
    showMore: () => void fetchNextPage(),
    renew,
  };
}

const firstPage = ({ pages, pageParams }: InfiniteData<Feed, string>): InfiniteData<Feed, string> => ({
  pages: pages.slice(0, 1),
  pageParams: pageParams.slice(0, 1),
});
