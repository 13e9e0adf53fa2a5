import type { ReactElement } from 'react';
import { type Answer, parseFilter, searchOfTopic, topicOfSearch } from '../../domain/mod.ts';
import { topicsRequest } from '../api/requests.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { useChange } from '../hooks/use-change.ts';
import { feedPath, type SearchState } from '../routes.ts';
import { useServices } from '../services.ts';
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
  const { toasts } = useServices();
  const { value } = useAnswer(topicsRequest);
  const { change, pending } = useChange(['/api/topics', '/api/profile', '/api/feed']);
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
  const follow = async (): Promise<void> => {
    try {
      await change({ method: 'POST', url: '/api/topics', body: { ...topic, name: nameOf(search.query) } });
      const without = lost === '' ? '' : ` Topics know no ${lost}: papers come without that condition.`;
      toasts.show({ kind: 'done', text: `New papers on this come into your feed.${without}` });
    } catch {
      // Told as a toast already.
    }
  };
  return (
    <button type="button" className="text-button" disabled={pending} onClick={() => void follow()}>
      Follow this search
    </button>
  );
}
