import type { ReactElement } from 'react';
import type { ProfileJson } from '../../../domain/mod.ts';
import { feedPath } from '../../routes.ts';
import { Link } from '../link.tsx';

const percent = (share: number): string => `${Math.round(100 * share)}\u00A0%`;

/** The interests that a feed is made of: each can be read by itself. */
export function InterestLinks({
  profile,
  interest,
}: {
  readonly profile: ProfileJson | undefined;
  readonly interest: string;
}): ReactElement | null {
  const shown = profile?.interests.filter(({ muted }) => !muted) ?? [];
  if (profile && shown.length === 0) return null;
  return (
    <nav className="interest-links" aria-label="Interests">
      <Link to={feedPath()} aria-current={interest === '' ? 'page' : undefined}>
        <span className="interest-name">All interests</span>
      </Link>
      {shown.map(({ id, name, share }) => (
        <Link key={id} to={feedPath(String(id))} aria-current={interest === String(id) ? 'page' : undefined}>
          <span className="interest-name">{name}</span>
          <span className="interest-share">{percent(share)}</span>
        </Link>
      ))}
    </nav>
  );
}
