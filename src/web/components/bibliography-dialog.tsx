import { useSyncExternalStore, type ReactElement } from 'react';
import { formatFilterValue, sourceOfFile } from '../../domain/mod.ts';
import { useBringFiles } from '../hooks/use-bring-files.ts';
import { navigate } from '../hooks/use-route.ts';
import { searchPath } from '../routes.ts';
import { useServices } from '../services.ts';
import { Dialog } from './dialog.tsx';

type Wish = 'save' | 'find';

interface BibliographyDialogProps {
  readonly file: File;
  readonly onClose: () => void;
}

/** What is to be done with a file that was dropped on the search box; its papers are imported either way, to be known. */
export default function BibliographyDialog({ file, onClose }: BibliographyDialogProps): ReactElement {
  const { imports, toasts } = useServices();
  const { bring } = useBringFiles();
  const list = useSyncExternalStore(imports.subscribe, imports.list);

  const carryOut = async (wish: Wish): Promise<void> => {
    onClose();
    toasts.show({ kind: 'done', text: `Reading ${file.name} …` });
    const end = await (wish === 'save' ? bring(file) : imports.add([file])[0]?.ended);
    if (end?.kind === 'failed') {
      toasts.show({ kind: 'problem', text: `${end.problem.title}. ${end.problem.message}` });
    } else if (wish === 'find') {
      navigate(searchPath({ like: `source:${formatFilterValue(sourceOfFile(file.name))}` }));
    }
  };
  return (
    <Dialog title={file.name} onClose={onClose}>
      <p>What are these papers to you?</p>
      <div className="dialog-actions">
        <button type="button" className="button button-main" onClick={() => void carryOut('save')}>
          Mine: save them to my library
        </button>
        <button type="button" className="button" onClick={() => void carryOut('find')}>
          An example: find papers like these
        </button>
      </div>
      <p className="understood">
        Either way they are imported, so that they can be compared.
        {list.some(({ state }) => state.kind !== 'done' && state.kind !== 'failed') && ' Another import goes first.'}
      </p>
    </Dialog>
  );
}
