import type { ReactElement } from 'react';
import { type Answer, parseFilter, searchOfTopic, topicOfSearch } from '../../domain/mod.ts';
import { topicsRequest } from '../api/requests.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { useNewTopic } from '../hooks/use-new-topic.ts';
import { feedPath, type SearchState } from '../routes.ts';
import { Link } from './link.tsx';

/** The server takes longer names, but a list is read at a glance. */
const NAME_CHARACTERS = 60;

function nameOf(text: string): string {
  return text.length <= NAME_CHARACTERS ? text : `${text.slice(0, NAME_CHARACTERS - 1).trimEnd()}…`;
}

interface FollowButtonProps {
  readonly search: SearchState;
  readonly answer: Answer;
}

/** Makes a topic of a search, so that new papers come by themselves; one that is followed says so. */
export function FollowButton({ search, answer }: FollowButtonProps): ReactElement | null {
  const { value } = useAnswer(topicsRequest);
  const { make, pending } = useNewTopic();
  const { understood } = answer;
  const filter = parseFilter([search.filter, understood?.filter ?? ''].join(' '));
  const { topic, lost } = topicOfSearch(understood?.text ?? search.query, filter);
  if (topic.text === '') return null;
  const wanted = searchOfTopic(topic);
  const followed = value?.topics.find((known) => {
    const its = searchOfTopic(known);
    return its.query === wanted.query && its.filter === wanted.filter;
  });
  if (followed) {
    return (
      <Link to={feedPath(String(followed.id))} className="follow-link">
        Followed
      </Link>
    );
  }
  const without = lost === '' ? '' : ` Topics know no ${lost}: papers come without that condition.`;
  const follow = (): Promise<boolean> =>
    make({ ...topic, name: nameOf(search.query) }, `New papers on this come into your feed.${without}`);
  return (
    <button type="button" className="text-button" disabled={pending} onClick={() => void follow()}>
      Follow this search
    </button>
  );
}
