import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { type RunningServer, serve } from '../support/server.ts';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

// Skips, saying so, on a machine without the browser; CI installs it.
describe.skipIf(!existsSync(CHROMIUM))('the first minute in a browser (needs /usr/bin/chromium)', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  const wrong: string[] = [];

  beforeAll(async () => {
    folder = temporaryFolder();
    server = await serve(['--workspace', join(folder.path, 'index'), '--with-sample', '--quiet']);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder?.remove();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    expect(wrong.splice(0)).toEqual([]);
  });

  const hits = () => page.locator('article[data-paper-id]');

  it('answers a question as it is typed, with the sentence that answers marked', async () => {
    await page.goto(server.url);
    await page
      .locator('#query')
      .pressSequentially('switching off hidden units at random so that a network does not overfit');
    await hits().first().waitFor();
    await page.locator('article mark', { hasText: 'each hidden unit' }).first().waitFor();
    expect(await hits().first().getAttribute('data-paper-id')).toBe('arXiv:1207.0580');
    expect(new URL(page.url()).searchParams.get('q')).toContain('hidden units');
  });

  it('narrows by a filter and shows a mistake in it without asking', async () => {
    await page.goto(
      `${server.url}/?q=${encodeURIComponent('neural networks')}&filter=${encodeURIComponent('year<1990')}`,
    );
    await hits().first().waitFor();
    expect(await hits().count()).toBeGreaterThan(0);
    await page.locator('.expression input, input.expression, .expression').first().fill('yeer>2000');
    await page
      .getByText(/unknown field/)
      .first()
      .waitFor();
  });

  it('opens a paper with its formulas set, and finds its kin', async () => {
    await page.goto(`${server.url}/paper/${encodeURIComponent('arXiv:1706.03762')}`);
    await page.locator('h1', { hasText: 'Attention Is All You Need' }).waitFor();
    await page.locator('.katex').first().waitFor();
    await hits().first().waitFor();
    expect(await hits().evaluateAll((all) => all.map((one) => one.getAttribute('data-paper-id')))).not.toContain(
      'arXiv:1706.03762',
    );
    await page
      .getByRole('link', { name: /Neural Machine Translation by Jointly/ })
      .first()
      .click();
    await page.locator('h1', { hasText: 'Jointly Learning to Align' }).waitFor();
    await page.goBack();
    await page.locator('h1', { hasText: 'Attention Is All You Need' }).waitFor();
  });

  it('imports a dropped file with progress and a summary, never running what is in it', async () => {
    const file = join(folder.path, 'mine.jsonl');
    const hostile = '<img src=x onerror="document.title=\'hacked\'"><script>document.title="hacked"</script>';
    const paper = {
      id: 'mine:1',
      title: `Quuxification ${hostile} of $O(n)$ lists`,
      abstract: `Quuxification is explained. ${hostile} $\\href{javascript:alert(1)}{x}$`,
    };
    writeFileSync(file, `${JSON.stringify(paper)}\nbroken\n`);
    await page.goto(`${server.url}/import`);
    await page.locator('input[type=file]').setInputFiles(file);
    const summary = page.locator('[data-testid="import-summary"]');
    await summary.waitFor();
    expect(await summary.textContent()).toMatch(/1/);
    await page.getByText('mine.jsonl').first().waitFor();
    await page.goto(`${server.url}/?q=quuxification`);
    await hits().first().waitFor();
    expect(await hits().first().getAttribute('data-paper-id')).toBe('mine:1');
    expect(await hits().first().textContent()).toContain('<img src=x');
    expect(await page.title()).not.toContain('hacked');
    expect(await page.locator('article img, article script, article a[href^="javascript"]').count()).toBe(0);
  });

  it('says so when nothing is found, works by keyboard, and fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(server.url);
    await page.keyboard.type('/');
    await page.keyboard.type('compilers');
    await hits().first().waitFor();
    const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
    expect(overflow).toBeLessThanOrEqual(0);
    await page.goto(`${server.url}/?q=graphs&filter=${encodeURIComponent('year:1066')}`);
    await page
      .getByText(/no paper|nothing|No papers/i)
      .first()
      .waitFor();
  });
});
