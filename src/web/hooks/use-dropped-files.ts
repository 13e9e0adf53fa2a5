import { useEffect } from 'react';

/** Takes files that are dropped anywhere on the page, in place of the import that they are for elsewhere. */
export function useDroppedFiles(onFiles: (files: Iterable<File>) => void): void {
  useEffect(() => {
    const onDrop = (event: DragEvent): void => {
      const files = event.dataTransfer?.files;
      if (event.defaultPrevented || !files || files.length === 0) return;
      // Marks it as taken, before it gets to the window.
      event.preventDefault();
      onFiles(files);
    };
    document.addEventListener('drop', onDrop);
    return () => document.removeEventListener('drop', onDrop);
  }, [onFiles]);
}
