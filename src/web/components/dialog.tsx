import { useEffect, useId, useRef, type MouseEvent, type ReactElement, type ReactNode } from 'react';

import { ToastList } from './toast-list.tsx';
import '../styles/dialog.css';

interface DialogProps {
  readonly title: string;
  /** `drawer`: along the edge of the window, for what is long. */
  readonly place?: 'middle' | 'drawer';
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog over the page, which rests meanwhile: the browser keeps the focus inside, and gives it back. */
export function Dialog({ title, place = 'middle', onClose, children }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const onBackdrop = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Escape closes it by itself
    <dialog
      ref={dialog}
      className={`dialog dialog-${place}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={onBackdrop}
    >
      <div className="dialog-frame">
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="quiet-button" onClick={onClose} aria-label="Close">
            <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false" className="icon">
              <path d="M5 5l10 10M15 5L5 15" />
            </svg>
          </button>
        </header>
        <div className="dialog-body">{children}</div>
      </div>
      {/* What is beside a dialog rests and lies under it: what was just done is told in it. */}
      <ToastList />
    </dialog>
  );
}
