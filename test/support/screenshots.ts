// `npm run screenshots`: every page in both themes, on a phone and on a desktop, into artefacts/screenshots.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launch, openPage } from './browser.ts';
import { temporaryFolder } from './cli.ts';
import { ROOT } from './judged.ts';
import { makeReader, PAGES } from './pages.ts';
import { serve } from './server.ts';

const WIDTHS = { phone: 360, desktop: 1440 } as const;

async function main(): Promise<void> {
  const target = join(ROOT, 'artefacts', 'screenshots');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const folder = temporaryFolder();
  const server = await serve(['--workspace', join(folder.path, 'index'), '--with-sample', '--quiet']);
  const browser = await launch();
  try {
    await makeReader(server);
    for (const [name, path] of Object.entries(PAGES)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const [device, width] of Object.entries(WIDTHS)) {
          const viewport = { width, height: device === 'phone' ? 740 : 900 };
          const { page } = await openPage(browser, { colorScheme, viewport, reducedMotion: 'reduce', failing: true });
          await page.goto(server.url + path);
          await page.locator('main h1').first().waitFor({ state: 'attached' });
          await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
          // Fonts of formulas and the map's first frame.
          await page.waitForTimeout(500);
          await page.screenshot({ path: join(target, `${name}-${colorScheme}-${device}.png`) });
          await page.context().close();
        }
      }
    }
  } finally {
    await browser.close();
    await server.stop();
    folder.remove();
  }
}

await main();
