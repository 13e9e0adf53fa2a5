import type { ReactElement } from 'react';
import { Dialog } from './dialog.tsx';

const KEYS: ReadonlyArray<readonly [keys: readonly string[], does: string]> = [
  [['/'], 'go to the search box'],
  [['j', 'k'], 'next and previous paper; the arrow keys do the same from a paper'],
  [['o', 'Enter'], 'open the paper'],
  [['s'], 'save it, or take it out again'],
  [['x'], 'dismiss it, or take that back'],
  [['c'], 'copy its citation in BibTeX, on the page of a paper'],
  [['Esc'], 'clear the search box; close what is open'],
  [['?'], 'this help'],
];

const WRITING: ReadonlyArray<readonly [write: string, means: string]> = [
  ['how do cells repair DNA', 'a question in any words: papers are found by meaning, too'],
  ['"attention is all you need"', 'exactly these words'],
  ['owls -survey', 'without papers that say “survey”'],
  [
    'author:Hinton year>=2012',
    'only papers that meet these conditions; the filters beside the results write them for you',
  ],
  ['10.1145/3292500', 'a paper by its id or address'],
];

export default function HelpDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  return (
    <Dialog title="Help" onClose={onClose}>
      <h3>Keys</h3>
      <dl className="help-list">
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key, at) => (
                <span key={key}>
                  {at > 0 && ' '}
                  <kbd>{key}</kbd>
                </span>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <h3>What you can search for</h3>
      <dl className="help-list help-queries">
        {WRITING.map(([write, means]) => (
          <div key={write}>
            <dt>
              <code>{write}</code>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <p>
        Paste a whole abstract to find papers like it, or drop a <code>.bib</code> file on the search box.
      </p>
    </Dialog>
  );
}
