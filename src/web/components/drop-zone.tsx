import { useEffect, useState, type ReactElement } from 'react';
import { navigate } from '../hooks/use-route.ts';
import { useServices } from '../services.ts';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files dropped anywhere on the page; shows itself only while some are held over it. */
export function DropZone(): ReactElement | null {
  const { imports } = useServices();
  const [drag, setDrag] = useState<'none' | 'over'>('none');

  useEffect(() => {
    // Every element entered and left reports for itself; the page is left when as many were left as entered.
    let depth = 0;
    const leave = (): void => {
      depth = 0;
      setDrag('none');
    };
    const onEnter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setDrag('over');
    };
    const onLeave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth -= 1;
      if (depth <= 0) leave();
    };
    // Without this the browser opens the file in place of the page.
    const onOver = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      leave();
      // The search box has taken it.
      if (event.defaultPrevented) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      imports.add(files);
      if (location.pathname !== '/import') navigate('/import');
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, [imports]);

  if (drag === 'none') return null;
  return (
    <div className="drop-zone" aria-hidden="true">
      <p>Drop to import</p>
    </div>
  );
}
