import { useSyncExternalStore, type ChangeEvent, type ReactElement } from 'react';
import { ImportEntry } from '../components/import-progress.tsx';
import { Link } from '../components/link.tsx';
import { useScroll } from '../hooks/use-scroll.ts';
import { useTitle } from '../hooks/use-title.ts';
import { useServices } from '../services.ts';

export default function ImportPage(): ReactElement {
  const { imports } = useServices();
  const list = useSyncExternalStore(imports.subscribe, imports.list);
  useTitle('Import');
  useScroll('import', 'settled');
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    imports.add([...(event.target.files ?? [])]);
    // The same file may be chosen again, after it was mended.
    event.target.value = '';
  };
  const anyDone = list.some(({ state }) => state.kind === 'done');
  return (
    <div className="column import-page">
      <h1>Import papers</h1>
      <p className="lead">
        Files of papers with their abstracts, from whatever you keep them in: the format is recognised. Importing a file
        again updates what changed and leaves the rest alone.
      </p>
      <label className="file-field">
        <input type="file" multiple onChange={choose} />
        <span className="file-field-text">
          <strong>Choose files</strong> or drop them anywhere on the page
        </span>
      </label>
      <p className="import-formats">
        BibTeX, RIS, CSL-JSON and Zotero; tables (CSV, TSV); PubMed, arXiv, OAI-PMH and feeds as XML; arXiv’s snapshot,
        bioRxiv, Hugging Face, Semantic Scholar, OpenAlex, BEIR and JSON Lines; a plain listing of titles and abstracts;
        also compressed, or many files in a zip.
      </p>
      {list.length > 0 && (
        <section aria-labelledby="imports-heading">
          <div className="section-head">
            <h2 id="imports-heading">This session</h2>
            {anyDone && <Link to="/">Search your papers</Link>}
          </div>
          <ol className="import-list" reversed>
            {list.toReversed().map((entry) => (
              <ImportEntry key={entry.number} entry={entry} />
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}
