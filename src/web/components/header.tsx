import type { ReactElement } from 'react';
import { useTheme, type Theme } from '../hooks/use-theme.ts';
import type { Location } from '../hooks/use-route.ts';
import type { PageName } from '../routes.ts';
import { Link } from './link.tsx';
import { Logo } from './logo.tsx';
import { SearchBox } from './search-box.tsx';

const THEMES: { readonly [theme in Theme]: string } = { system: 'Auto', light: 'Light', dark: 'Dark' };
const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const;

const PAGES: ReadonlyArray<{ readonly page: PageName; readonly to: string; readonly name: string }> = [
  { page: 'search', to: '/', name: 'Search' },
  { page: 'feed', to: '/feed', name: 'For you' },
  { page: 'trending', to: '/trending', name: 'Trending' },
  { page: 'library', to: '/library', name: 'Library' },
  { page: 'map', to: '/map', name: 'Map' },
  { page: 'import', to: '/import', name: 'Import' },
  { page: 'settings', to: '/settings', name: 'Settings' },
];

function ThemeIcon({ theme }: { readonly theme: Theme }): ReactElement {
  return (
    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false" className="icon">
      {theme === 'system' && <path d="M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14" />}
      {theme === 'light' && (
        <path d="M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M4 16l1.4-1.4M14.6 5.4 16 4" />
      )}
      {theme === 'dark' && <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z" />}
    </svg>
  );
}

function ThemeButton(): ReactElement {
  const [theme, setTheme] = useTheme();
  const label = `Theme: ${THEMES[theme]}. Change`;
  return (
    <button
      type="button"
      className="quiet-button"
      onClick={() => setTheme(NEXT_THEME[theme])}
      aria-label={label}
      title={label}
    >
      <ThemeIcon theme={theme} />
    </button>
  );
}

/** The pages; on a narrow screen they lie under the search box, in two lines. */
function PageLinks({ now }: { readonly now: PageName }): ReactElement {
  return (
    <nav className="page-links" aria-label="Pages">
      {PAGES.map(({ page, to, name }) => (
        <Link key={page} to={to} className="nav-link" aria-current={page === now ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

export function Header({ location }: { readonly location: Location }): ReactElement {
  return (
    <header className="page-header">
      <div className="page-header-row">
        <Link to="/" className="brand" aria-label="Paperkin, start page">
          <Logo />
          <span className="brand-name">Paperkin</span>
        </Link>
        <SearchBox location={location} />
        <ThemeButton />
        <PageLinks now={location.route.page} />
      </div>
    </header>
  );
}
