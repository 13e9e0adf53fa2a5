import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { HiddenKind, ProfileJson } from '../../domain/mod.ts';
import type { Change } from '../api/client.ts';
import { profileRequest } from '../api/feed-requests.ts';
import { keyOf } from '../api/requests.ts';
import { useAnswer, type Asked } from './use-answer.ts';
import { useChange } from './use-change.ts';

/** What changes an interest; see `PATCH /api/profile/interests/{id}`. */
export interface InterestChange {
  readonly name?: string;
  readonly weight?: number;
  readonly muted?: boolean;
}

/** The reader's profile and how to change it. Changes show at once, before the server has answered. */
export interface Profile {
  readonly asked: Asked<ProfileJson>;
  readonly setDiversity: (diversity: number) => Promise<boolean>;
  readonly changeInterest: (id: number, change: InterestChange) => Promise<boolean>;
  readonly deleteInterest: (id: number) => Promise<boolean>;
  readonly merge: (into: number, from: number) => Promise<boolean>;
  readonly hide: (kind: HiddenKind, value: string) => Promise<boolean>;
  readonly unhide: (kind: HiddenKind, value: string) => Promise<boolean>;
  readonly reset: () => Promise<boolean>;
}

const FOLLOWS = ['/api/profile', '/api/hidden', '/api/topics', '/api/marks', '/api/feedback'];

export function useProfile(): Profile {
  const queries = useQueryClient();
  const asked = useAnswer(profileRequest);
  const { change } = useChange(FOLLOWS);
  const changes = useMemo(() => {
    const key = keyOf(profileRequest);
    const apply = async (wanted: Change, patch: (profile: ProfileJson) => ProfileJson): Promise<boolean> => {
      await queries.cancelQueries({ queryKey: key });
      queries.setQueryData<ProfileJson>(key, (profile) => profile && patch(profile));
      try {
        await change(wanted);
        return true;
      } catch {
        // Told as a toast already.
        return false;
      }
    };
    const interest = (id: number): string => `/api/profile/interests/${id}`;
    return {
      setDiversity: (diversity: number) =>
        apply({ method: 'PATCH', url: '/api/profile', body: { diversity } }, (profile) => ({ ...profile, diversity })),
      changeInterest: (id: number, said: InterestChange) =>
        apply({ method: 'PATCH', url: interest(id), body: said }, (profile) => ({
          ...profile,
          interests: profile.interests.map((one) => (one.id === id ? { ...one, ...said } : one)),
        })),
      deleteInterest: (id: number) =>
        apply({ method: 'DELETE', url: interest(id) }, (profile) => ({
          ...profile,
          interests: profile.interests.filter((one) => one.id !== id),
        })),
      merge: (into: number, from: number) =>
        apply({ method: 'POST', url: `${interest(into)}/merge`, body: { from } }, (profile) => profile),
      hide: (kind: HiddenKind, value: string) =>
        apply({ method: 'POST', url: '/api/hidden', body: { kind, value } }, (profile) => ({
          ...profile,
          hidden: [{ kind, value, at: '' }, ...profile.hidden],
        })),
      unhide: (kind: HiddenKind, value: string) =>
        apply({ method: 'DELETE', url: '/api/hidden', body: { kind, value } }, (profile) => ({
          ...profile,
          hidden: profile.hidden.filter((one) => one.kind !== kind || one.value !== value),
        })),
      reset: () => apply({ method: 'POST', url: '/api/profile/reset' }, (profile) => profile),
    };
  }, [queries, change]);
  return { asked, ...changes };
}
