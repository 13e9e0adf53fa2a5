import { useEffect, useRef, type ReactElement } from 'react';
import { DropZone } from './components/drop-zone.tsx';
import { Header } from './components/header.tsx';
import { useKeys } from './hooks/use-keys.ts';
import { useRoute } from './hooks/use-route.ts';
import { ImportPage } from './pages/import-page.tsx';
import { PaperPage } from './pages/paper-page.tsx';
import { SearchPage } from './pages/search-page.tsx';
import { UnknownPage } from './pages/unknown-page.tsx';
import type { Location } from './hooks/use-route.ts';

function page({ route, kind, hash }: Location): ReactElement {
  switch (route.page) {
    case 'search':
      return <SearchPage search={route} lastWord={kind === 'typing' ? 'prefix' : 'whole'} />;
    case 'paper':
      return <PaperPage key={route.id} id={route.id} hash={hash} />;
    case 'import':
      return <ImportPage />;
    case 'unknown':
    default:
      return <UnknownPage />;
  }
}

export function App(): ReactElement {
  const location = useRoute();
  const main = useRef<HTMLElement>(null);
  const { route } = location;
  const place = route.page === 'paper' ? `paper ${route.id}` : route.page;
  const before = useRef(place);
  useKeys();

  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    // Another page: keyboard and screen reader go on from its beginning, unless something there has the focus already.
    const focused = document.activeElement;
    if (focused?.id === 'query' || main.current?.contains(focused)) return;
    main.current?.focus({ preventScroll: true });
  }, [place]);

  return (
    <>
      <a className="skip-link" href="#main" onClick={() => main.current?.focus()}>
        Skip to content
      </a>
      <Header location={location} />
      <main id="main" ref={main} tabIndex={-1}>
        {page(location)}
      </main>
      <footer className="page-footer">
        <p>
          <kbd>/</kbd> search <span className="key-gap" /> <kbd>j</kbd> <kbd>k</kbd> walk through hits{' '}
          <span className="key-gap" /> <kbd>Enter</kbd> open <span className="key-gap" /> <kbd>Esc</kbd> clear
        </p>
        <p>Everything stays on this machine.</p>
      </footer>
      <DropZone />
    </>
  );
}
