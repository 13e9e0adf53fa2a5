import { existsSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { temporaryFolder } from './cli.ts';
import { copySample } from './sample.ts';
import { type RunningServer, serve } from './server.ts';

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

interface Watched {
  readonly page: Page;
  /** What went wrong since it was asked last: errors of the page's program, of its policy, and failed requests. */
  readonly wrong: () => string[];
}

/** `failing`: failed requests are part of the test. */
export type PageOptions = Parameters<Browser['newContext']>[0] & { readonly failing?: boolean };

/** A page in a context of its own that notes what goes wrong. */
export async function openPage(browser: Browser, options: PageOptions = {}): Promise<Watched> {
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

/** A server with a library of its own, and a browser. */
export interface Site {
  readonly url: string;
  /** For the files of the tests. */
  readonly folder: string;
  readonly workspace: string;
  /** Opens a page. After the test it is closed, and nothing may have gone wrong on it. */
  readonly open: (options?: PageOptions) => Promise<Page>;
  /** What went wrong on the pages of this test since it was asked last. */
  readonly wrong: () => string[];
}

interface SiteOptions {
  /** Makes the library before the server starts, which fills an empty one with the sample; the sample where absent. */
  readonly library?: (site: Pick<Site, 'folder' | 'workspace'>) => Promise<void> | void;
  /** Once the server answers. */
  readonly prepare?: (site: Site) => Promise<void>;
  readonly webGl?: boolean;
}

/** Tests that share a site, set up before the first; skipped, saying so, on a machine without the browser. */
export function describeInBrowser(name: string, options: SiteOptions, define: (site: Site) => void): void {
  describe.skipIf(!hasChromium)(`${name} (needs ${CHROMIUM})`, () => {
    let folder: ReturnType<typeof temporaryFolder>;
    let server: RunningServer;
    let browser: Browser;
    let opened: Watched[] = [];
    const site: Site = {
      get url() {
        return server.url;
      },
      get folder() {
        return folder.path;
      },
      get workspace() {
        return join(folder.path, 'index');
      },
      async open(pageOptions) {
        const watched = await openPage(browser, pageOptions);
        opened.push(watched);
        return watched.page;
      },
      wrong: () => opened.flatMap(({ wrong }) => wrong()),
    };

    beforeAll(async () => {
      folder = temporaryFolder();
      await (options.library ? options.library(site) : copySample(site.workspace));
      server = await serve(['--workspace', site.workspace, '--with-sample', '--quiet']);
      await options.prepare?.(site);
      browser = await launch({ webGl: options.webGl ?? false });
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
      folder?.remove();
    });
    afterEach(async () => {
      const pages = opened;
      for (const { page } of pages) await page.context().close();
      opened = [];
      expect(pages.flatMap(({ wrong }) => wrong())).toEqual([]);
    });
    define(site);
  });
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
