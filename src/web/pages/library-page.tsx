import { useEffect, useRef, type ReactElement } from 'react';
import { exportPath, rowsRequest } from '../api/library-requests.ts';
import { downloadFrom } from '../api/download.ts';
import { asProblem } from '../api/problem.ts';
import { Brought, BringButton } from '../components/library/brought.tsx';
import { BulkBar } from '../components/library/bulk-bar.tsx';
import { Duplicates } from '../components/library/duplicates.tsx';
import { Table } from '../components/library/table.tsx';
import { Toolbar } from '../components/library/toolbar.tsx';
import { Link } from '../components/link.tsx';
import { ProblemNotice } from '../components/notices.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useBringFiles } from '../hooks/use-bring-files.ts';
import { useDroppedFiles } from '../hooks/use-dropped-files.ts';
import { useLibraryChanges } from '../hooks/use-library-changes.ts';
import { navigate } from '../hooks/use-route.ts';
import { useScroll } from '../hooks/use-scroll.ts';
import { useSelection } from '../hooks/use-selection.ts';
import { useTitle } from '../hooks/use-title.ts';
import { countText } from '../numbers.ts';
import { libraryPath, type LibraryState } from '../routes.ts';
import { useServices } from '../services.ts';
import '../styles/library.css';

const SKELETON_ROWS = 12;

function countOf({ total, all }: { readonly total: number; readonly all: number }): string {
  const papers = all === 1 ? '1 paper' : `${countText(all)} papers`;
  return total === all ? papers : `${countText(total)} of ${papers}`;
}

function Empty({ all }: { readonly all: number }): ReactElement {
  if (all > 0) {
    return (
      <div className="message">
        <h2>No saved paper is like that</h2>
        <Link to={libraryPath()}>Show all {countText(all)}</Link>
      </div>
    );
  }
  return (
    <div className="message">
      <h2>Nothing saved yet</h2>
      <p>
        Save papers where you find them: in <Link to="/">search</Link>, on a paper’s page, in your feed; or drop a file
        of those that you have here (BibTeX, RIS, CSL-JSON, Zotero, CSV). They teach the feed what you read about.
      </p>
    </div>
  );
}

export default function LibraryPage({ library }: { readonly library: LibraryState }): ReactElement {
  const { client, toasts } = useServices();
  const asked = useAnswer(rowsRequest(library, 0));
  const selection = useSelection(library);
  const changes = useLibraryChanges();
  const { bringAll, entries, forget } = useBringFiles();
  useDroppedFiles(bringAll);
  const { value } = asked;
  useTitle('Library');
  useScroll('library', value ? 'settled' : 'pending');
  const { clear } = selection;
  const shown = libraryPath({ text: library.text, state: library.state, tag: library.tag });
  const before = useRef(shown);
  useEffect(() => {
    // What is not shown any more must not be changed unseen.
    if (before.current !== shown) clear();
    before.current = shown;
  }, [shown, clear]);

  const change = (wanted: Partial<LibraryState>, how: 'push' | 'replace' = 'push'): void =>
    navigate(libraryPath({ ...library, ...wanted }), how);
  const take = (download: Promise<void>): void => {
    download.catch((thrown: unknown) => toasts.show({ kind: 'problem', text: asProblem(thrown).message }));
  };
  return (
    <div className="library-page">
      <div className="section-head">
        <h1>Library</h1>
        <output className="library-count">{value ? countOf(value) : ' '}</output>
        <Duplicates changes={changes} />
        <BringButton bringAll={bringAll} />
      </div>
      <Brought entries={entries} forget={forget} />
      <Toolbar
        library={library}
        tags={value?.tags ?? []}
        onChange={change}
        onExport={(format) => take(downloadFrom(client, exportPath(library, format)))}
      />
      {asked.state === 'failed' && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
      {!value && asked.state === 'loading' && (
        <div className="library-table skeleton" aria-hidden="true">
          {Array.from({ length: SKELETON_ROWS }, (_, row) => (
            <div className="library-row library-still" key={row}>
              <span className="library-coming">
                <span className="bone" />
              </span>
            </div>
          ))}
        </div>
      )}
      {value?.total === 0 && <Empty all={value.all} />}
      {value && value.total > 0 && (
        <Table library={library} total={value.total} selection={selection} changes={changes} onSort={change} />
      )}
      {selection.ids.size > 0 && (
        <BulkBar
          selection={selection}
          total={value?.total ?? 0}
          tags={value?.tags ?? []}
          changes={changes}
          onExport={(format) => take(downloadFrom(client, '/api/library/export', { ids: [...selection.ids], format }))}
        />
      )}
    </div>
  );
}
