import type { ReactElement } from 'react';
import { Appearance } from '../components/settings/appearance.tsx';
import { Backup } from '../components/settings/backup.tsx';
import { Jobs } from '../components/settings/jobs.tsx';
import { LibraryState } from '../components/settings/library-state.tsx';
import { People } from '../components/settings/people.tsx';
import { ReadingAs } from '../components/settings/reading-as.tsx';
import { Sources } from '../components/settings/sources.tsx';
import { useScroll } from '../hooks/use-scroll.ts';
import { useTitle } from '../hooks/use-title.ts';
import '../styles/settings.css';

const SECTIONS = [
  ['sources', 'Sources'],
  ['jobs', 'Imports and syncs'],
  ['state', 'Collection'],
  ['people', 'People and tokens'],
  ['reader', 'This browser'],
  ['backup', 'Backup'],
  ['appearance', 'Appearance'],
] as const;

export default function SettingsPage(): ReactElement {
  useTitle('Settings');
  useScroll('settings', 'settled');
  return (
    <div className="settings-page">
      <h1>Settings</h1>
      <nav className="settings-nav" aria-label="Settings">
        {SECTIONS.map(([id, name]) => (
          <a key={id} href={`#${id}`}>
            {name}
          </a>
        ))}
      </nav>
      <div className="settings-sections">
        <Sources />
        <Jobs />
        <LibraryState />
        <People />
        <ReadingAs />
        <Backup />
        <Appearance />
      </div>
    </div>
  );
}
