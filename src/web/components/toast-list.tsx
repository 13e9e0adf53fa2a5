import { useEffect, useEffectEvent, useRef, useSyncExternalStore, type ReactElement } from 'react';
import type { Toast } from '../api/toasts.ts';
import { useServices } from '../services.ts';

/** As long as something can be taken back; read aloud and on the screen for as long. */
const STAYS_MS = 5_000;

function ToastLine({ toast }: { readonly toast: Toast }): ReactElement {
  const { toasts } = useServices();
  const line = useRef<HTMLLIElement>(null);
  const leave = useEffectEvent((): void => {
    // A pointer or the keyboard on it holds it.
    if (!line.current?.matches(':hover, :focus-within')) toasts.close(toast.number);
  });
  useEffect(() => {
    // A problem stays until it has been read.
    if (toast.kind === 'problem') return undefined;
    const timer = setInterval(leave, STAYS_MS);
    return () => clearInterval(timer);
  }, [toast.kind]);
  const undo = (): void => {
    toast.undo?.();
    toasts.close(toast.number);
  };
  return (
    <li ref={line} className={`toast toast-${toast.kind}`}>
      <span className="toast-text">{toast.text}</span>
      {toast.undo && (
        <button type="button" className="toast-button" onClick={undo}>
          Undo
        </button>
      )}
      <button type="button" className="toast-button" onClick={() => toasts.close(toast.number)} aria-label="Close">
        ×
      </button>
    </li>
  );
}

/** What was just done, at the foot of the page; spoken by screen readers as it comes. */
export function ToastList(): ReactElement {
  const { toasts } = useServices();
  const list = useSyncExternalStore(toasts.subscribe, toasts.list);
  return (
    <ul className="toasts" aria-live="polite" aria-label="What was just done">
      {list.map((toast) => (
        <ToastLine key={toast.number} toast={toast} />
      ))}
    </ul>
  );
}
