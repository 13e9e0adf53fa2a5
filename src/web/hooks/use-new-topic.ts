import type { Interest } from '../../domain/mod.ts';
import { isRecord } from '../api/requests.ts';
import { useServices } from '../services.ts';
import { useChange } from './use-change.ts';

const TOPICS = '/api/topics';

/** What is said of a topic when it is made. */
export type NewTopic = Pick<Interest, 'name'> &
  Partial<Pick<Interest, 'text' | 'require' | 'exclude' | 'authors' | 'categories' | 'papers'>>;

export interface TopicMaking {
  /** Resolves with whether it was made; a toast tells either way, with `told` and a way back where it was. */
  readonly make: (topic: NewTopic, told: string) => Promise<boolean>;
  readonly pending: boolean;
}

/** Makes topics, which can be undone for a moment. */
export function useNewTopic(): TopicMaking {
  const { toasts } = useServices();
  const { change, pending } = useChange([TOPICS, '/api/profile', '/api/feed']);
  const make = async (topic: NewTopic, told: string): Promise<boolean> => {
    try {
      const made = await change({ method: 'POST', url: TOPICS, body: topic });
      const number = isRecord(made) ? Number(made['id']) : Number.NaN;
      const undo = (): void => void change({ method: 'DELETE', url: `${TOPICS}/${number}` }).catch(() => undefined);
      toasts.show({ kind: 'done', text: told, undo });
      return true;
    } catch {
      // Told as a toast already.
      return false;
    }
  };
  return { make, pending };
}
