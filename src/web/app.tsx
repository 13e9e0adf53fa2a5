import { Component, lazy, Suspense, useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { asProblem } from './api/problem.ts';
import { DropZone } from './components/drop-zone.tsx';
import { Header } from './components/header.tsx';
import { HitsSkeleton, ProblemNotice } from './components/notices.tsx';
import { ToastList } from './components/toast-list.tsx';
import { useKeys } from './hooks/use-keys.ts';
import { MarksContext, useReadersMarks } from './hooks/use-marks.ts';
import { useRoute } from './hooks/use-route.ts';
import { SearchPage } from './pages/search-page.tsx';
import { UnknownPage } from './pages/unknown-page.tsx';
import type { Location } from './hooks/use-route.ts';

// The page that is opened first is there at once; the others come when they are asked for.
const PaperPage = lazy(() => import('./pages/paper-page.tsx'));
const FeedPage = lazy(() => import('./pages/feed-page.tsx'));
const TrendingPage = lazy(() => import('./pages/trending-page.tsx'));
const ImportPage = lazy(() => import('./pages/import-page.tsx'));
const HelpDialog = lazy(() => import('./components/help-dialog.tsx'));
const LibraryPage = lazy(() => import('./pages/library-page.tsx'));
const SettingsPage = lazy(() => import('./pages/settings-page.tsx'));
const MapPage = lazy(() => import('./pages/map-page.tsx'));

function page({ route, kind, hash }: Location): ReactElement {
  switch (route.page) {
    case 'search':
      return <SearchPage search={route} lastWord={kind === 'typing' ? 'prefix' : 'whole'} />;
    case 'paper':
      return <PaperPage key={route.id} id={route.id} facet={route.facet} hash={hash} />;
    case 'map':
      return <MapPage map={route} />;
    case 'feed':
      return <FeedPage interest={route.interest} hash={hash} />;
    case 'trending':
      return <TrendingPage state={route} hash={hash} />;
    case 'import':
      return <ImportPage />;
    case 'library':
      return <LibraryPage library={route} />;
    case 'settings':
      return <SettingsPage />;
    case 'unknown':
    default:
      return <UnknownPage />;
  }
}

/** A page whose program cannot be loaded, or that fails, leaves the header and the other pages be. */
class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly failure: unknown }> {
  override state = { failure: undefined };

  static getDerivedStateFromError(failure: unknown): { failure: unknown } {
    return { failure };
  }

  override render(): ReactNode {
    if (this.state.failure === undefined) return this.props.children;
    return <ProblemNotice problem={asProblem(this.state.failure)} onRetry={() => location.reload()} />;
  }
}

export function App(): ReactElement {
  const location = useRoute();
  const marks = useReadersMarks();
  const main = useRef<HTMLElement>(null);
  const { route } = location;
  const place = route.page === 'paper' ? `paper ${route.id}` : route.page;
  const before = useRef(place);
  const [help, setHelp] = useState<'closed' | 'open'>('closed');
  useKeys(() => setHelp('open'));

  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    // Another page: keyboard and screen reader go on from its beginning, unless something there has the focus already.
    const focused = document.activeElement;
    if (focused?.id === 'query' || main.current?.contains(focused)) return;
    main.current?.focus({ preventScroll: true });
  }, [place]);

  return (
    <MarksContext value={marks}>
      <a className="skip-link" href="#main" onClick={() => main.current?.focus()}>
        Skip to content
      </a>
      <Header location={location} />
      <main id="main" ref={main} tabIndex={-1} data-page={route.page}>
        <PageBoundary key={place}>
          <Suspense fallback={<HitsSkeleton count={3} />}>{page(location)}</Suspense>
        </PageBoundary>
      </main>
      <footer className="page-footer">
        <p>
          <button type="button" className="text-button" onClick={() => setHelp('open')}>
            Help
          </button>{' '}
          <kbd aria-hidden="true">?</kbd>
        </p>
        <p>Everything stays on this machine.</p>
      </footer>
      <DropZone />
      {help === 'open' && (
        <Suspense>
          <HelpDialog onClose={() => setHelp('closed')} />
        </Suspense>
      )}
      <ToastList />
    </MarksContext>
  );
}
