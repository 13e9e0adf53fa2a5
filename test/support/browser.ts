import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** CI installs it; elsewhere browser tests are skipped, saying so. */
export const hasChromium = existsSync(CHROMIUM);

/** `webGl`: by software, where there is no graphics processor. */
export const launch = ({ webGl = false }: { readonly webGl?: boolean } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: webGl
      ? [...ARGS.filter((arg) => arg !== '--disable-gpu'), '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
      : ARGS,
  });

export interface Watched {
  readonly page: Page;
  /** What went wrong since it was asked last: errors of the page's program, of its policy, and failed requests. */
  readonly wrong: () => string[];
}

/** A page in a context of its own that notes what goes wrong. `failing`: failed requests are part of the test. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] & { readonly failing?: boolean } = {},
): Promise<Watched> {
  const { failing = false, ...context } = options;
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context })).newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (!failing || !message.text().startsWith('Failed to load resource')) wrong.push(message.text());
  });
  return { page, wrong: () => wrong.splice(0) };
}

interface AxeResults {
  readonly violations: ReadonlyArray<{ readonly id: string; readonly nodes: ReadonlyArray<{ readonly html: string }> }>;
}

/** Expects axe to find nothing against WCAG 2.2 A and AA on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  // What the header that stays half covers would count as too small to press.
  await page.evaluate('scrollTo(0, 0)');
  // Cards below the edge are not laid out before they are near, and axe would measure them as they are not shown.
  await page.evaluate(
    `{ const all = new CSSStyleSheet(); all.replaceSync('* { content-visibility: visible !important }'); document.adoptedStyleSheets = [all]; }`,
  );
  // Evaluated by the debugger, which the content security policy does not bind.
  await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const results = await page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(tags)} }, resultTypes: ['violations'] })`,
  );
  const found = results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(found).toEqual([]);
}

/** Expects the page to need no scrolling sideways. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
  expect(overflow).toBeLessThanOrEqual(0);
}
