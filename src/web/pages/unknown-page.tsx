import type { ReactElement } from 'react';
import { Link } from '../components/link.tsx';
import { useTitle } from '../hooks/use-title.ts';

export function UnknownPage(): ReactElement {
  useTitle('Not found');
  return (
    <div className="column">
      <div className="message">
        <h1>There is no such page</h1>
        <p>
          <Link to="/">Go to the search page</Link>.
        </p>
      </div>
    </div>
  );
}
