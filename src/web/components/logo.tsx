import type { ReactElement } from 'react';

/** Two sheets, one the other's kin. */
export function Logo(): ReactElement {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
      <rect className="logo-back" x="4" y="3" width="17" height="22" rx="3" />
      <rect className="logo-front" x="11" y="7" width="17" height="22" rx="3" />
      <path className="logo-lines" d="M15 14h9M15 18h9M15 22h5" strokeWidth="2" strokeLinecap="round" fill="none" />
    </svg>
  );
}
