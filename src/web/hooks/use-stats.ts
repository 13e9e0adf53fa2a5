import type { Stats } from '../../domain/mod.ts';
import { statsRequest } from '../api/requests.ts';
import { useAnswer, type Asked } from './use-answer.ts';

/** What the library holds; asked once and again after every import. */
export function useStats(): Asked<Stats> {
  return useAnswer(statsRequest);
}
