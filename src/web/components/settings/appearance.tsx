import type { ReactElement } from 'react';
import { THEMES, useTheme, type Theme } from '../../hooks/use-theme.ts';
import { Section } from './section.tsx';

const NAMES: { readonly [theme in Theme]: string } = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function Appearance(): ReactElement {
  const [theme, setTheme] = useTheme();
  return (
    <Section id="appearance" title="Appearance">
      <fieldset className="modes">
        <legend>Theme</legend>
        <div className="segmented">
          {THEMES.map((name) => (
            <label key={name}>
              <input type="radio" name="theme" checked={theme === name} onChange={() => setTheme(name)} />
              <span>{NAMES[name]}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </Section>
  );
}
