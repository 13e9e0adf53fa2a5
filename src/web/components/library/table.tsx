import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { LibrarySort, SortOrder } from '../../../domain/mod.ts';
import type { LibraryChanges } from '../../hooks/use-library-changes.ts';
import { useLibraryRows } from '../../hooks/use-library-rows.ts';
import { useMedia } from '../../hooks/use-media.ts';
import type { Selection } from '../../hooks/use-selection.ts';
import type { LibraryState } from '../../routes.ts';
import { Row } from './row.tsx';

/** In rem, so that they grow with the text: a line of the table, and a card on a narrow screen. As library.css has them. */
const ROW_REM = 3.5;
const CARD_REM = 10.5;
/** Rows beyond both ends of the window: as many as a turn of the wheel brings in. */
const OVERSCAN = 12;

const COLUMNS: ReadonlyArray<{ readonly name: string; readonly sort?: LibrarySort; readonly first?: SortOrder }> = [
  { name: 'Title', sort: 'title', first: 'asc' },
  { name: 'Authors', sort: 'author', first: 'asc' },
  { name: 'Year', sort: 'year' },
  { name: 'Tags' },
  { name: 'State', sort: 'state', first: 'asc' },
  { name: 'Note' },
  { name: 'Saved', sort: 'saved' },
];

interface TableProps {
  readonly library: LibraryState;
  readonly total: number;
  readonly selection: Selection;
  readonly changes: LibraryChanges;
  readonly onSort: (sort: Pick<LibraryState, 'sort' | 'order'>) => void;
}

function Heads({ library, onSort }: Pick<TableProps, 'library' | 'onSort'>): ReactElement {
  return (
    <thead>
      <tr className="library-row library-heads" aria-rowindex={1}>
        <th scope="col">
          <span className="visually-hidden">Chosen</span>
        </th>
        {COLUMNS.map(({ name, sort, first = 'desc' }): ReactElement => {
          if (!sort) {
            return (
              <th scope="col" key={name}>
                {name}
              </th>
            );
          }
          const isSorted = library.sort === sort;
          const other: SortOrder = library.order === 'asc' ? 'desc' : 'asc';
          const sorted = library.order === 'asc' ? 'ascending' : 'descending';
          return (
            <th scope="col" key={name} aria-sort={isSorted ? sorted : 'none'}>
              <button type="button" onClick={() => onSort({ sort, order: isSorted ? other : first })}>
                {name}
                <span aria-hidden="true">{isSorted ? (library.order === 'asc' ? ' ↑' : ' ↓') : ''}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** The saved papers; only those near the window are drawn. Arrow keys walk from row to row, with Shift they choose. */
export function Table({ library, total, selection, changes, onSort }: TableProps): ReactElement {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const narrow = useMedia('(max-width: 60rem)');
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = (narrow ? CARD_REM : ROW_REM) * rem;
  useLayoutEffect(() => {
    const measure = (): void => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    // What stands above it comes and goes: imports under way, a filter on a second line.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    measure();
    return () => observer.disconnect();
  }, [narrow]);
  // oxlint-disable-next-line react/incompatible-library -- what it returns goes into no memo
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: useCallback(() => height, [height]),
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  const drawn = virtual.getVirtualItems();
  const rowAt = useLibraryRows(library, drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0);

  // A row far away has to be fetched first: it gets the focus when it is drawn, unless the reader has gone elsewhere.
  const wanted = useRef<number>(undefined);
  const focusWanted = (): void => {
    const row = body.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!row) return;
    wanted.current = undefined;
    const { activeElement } = document;
    if (activeElement === document.body || body.current?.contains(activeElement)) row.focus();
  };
  useLayoutEffect(focusWanted);

  const { toggle, extend } = selection;
  const onToggle = (index: number, id: string, range: boolean): void => (range ? extend(index) : toggle(id, index));
  const focusRow = (index: number): void => {
    wanted.current = index;
    virtual.scrollToIndex(index, { align: 'auto' });
    focusWanted();
  };
  const onKey = (event: KeyboardEvent, index: number): void => {
    const { key } = event;
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: total - 1 }[key];
    if (next !== undefined && next >= 0 && next < total) {
      event.preventDefault();
      if (event.shiftKey) extend(next);
      focusRow(next);
    } else if (key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      selection.all();
    } else if (key === 'Delete' && selection.ids.size > 0) {
      void changes.remove([...selection.ids]).then((done) => done && selection.clear());
    }
  };
  return (
    <table aria-label="Saved papers" aria-rowcount={total + 1} className="library-table">
      <Heads library={library} onSort={onSort} />
      <tbody ref={body} className="library-body" style={{ height: virtual.getTotalSize() }}>
        {drawn.map(({ index, start }) => {
          const row = rowAt(index);
          const chosen = row !== undefined && selection.ids.has(row.id);
          return (
            <tr
              key={index}
              aria-rowindex={index + 2}
              className={`library-row${chosen ? ' library-chosen' : ''}`}
              style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
            >
              {row ? (
                <Row
                  key={row.id}
                  row={row}
                  index={index}
                  chosen={chosen}
                  onToggle={onToggle}
                  onKey={onKey}
                  changes={changes}
                />
              ) : (
                <td className="library-coming">
                  <span className="bone" />
                  <span className="visually-hidden">Loading</span>
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
