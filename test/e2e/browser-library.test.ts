import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAccessible, expectNoOverflow, hasChromium, launch, openPage } from '../support/browser.ts';
import { lastJson, run, temporaryFolder } from '../support/cli.ts';
import { type RunningServer, serve } from '../support/server.ts';

// Skips, saying so, on a machine without the browser; CI installs it.
describe.skipIf(!hasChromium)('the library in a browser (needs /usr/bin/chromium)', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let wrong: () => string[];

  beforeAll(async () => {
    folder = temporaryFolder();
    const workspace = ['--workspace', join(folder.path, 'index')];
    server = await serve([...workspace, '--with-sample', '--quiet']);
    // All 180 papers of the sample are saved.
    expect(lastJson(await run(['save', 'sample/papers.jsonl', ...workspace, '--json']))).toMatchObject({ saved: 180 });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder?.remove();
  });

  beforeEach(async () => {
    ({ page, wrong } = await openPage(browser));
    await page.goto(`${server.url}/library?sort=title&order=asc`);
    await rows().first().waitFor();
  });
  afterEach(async () => {
    await page.context().close();
    expect(wrong()).toEqual([]);
  });

  const rows = () => page.locator('tbody tr').filter({ has: page.getByRole('checkbox') });
  const count = () => page.locator('.library-count');
  const titled = (title: string) => rows().filter({ hasText: title });
  const box = (title: string) => titled(title).getByRole('checkbox');

  it('draws the rows near the window only, and finds, sorts and narrows with all of it in the address', async () => {
    expect(await page.getByRole('table', { name: 'Saved papers' }).getAttribute('aria-rowcount')).toBe('181');
    expect(await rows().count()).toBeLessThan(60);
    await page.getByLabel('Find in the library').fill('vaswani atten');
    await count().filter({ hasText: '1 of 180 papers' }).waitFor();
    expect(new URL(page.url()).searchParams.get('text')).toBe('vaswani atten');
    await titled('Attention Is All You Need').waitFor();
    await page.getByLabel('Find in the library').fill('');
    await count()
      .filter({ hasText: /^180 papers$/ })
      .waitFor();
    await page.getByRole('button', { name: 'Year' }).click();
    await page.getByRole('columnheader', { name: 'Year' }).and(page.locator('[aria-sort="descending"]')).waitFor();
    await page.goBack();
    await page.getByRole('columnheader', { name: 'Title' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
  });

  it('changes tags, state and note where they stand', async () => {
    await page.getByLabel('Find in the library').fill('vaswani atten');
    await page.getByRole('button', { name: 'Edit tags of Attention Is All You Need' }).click();
    await page.getByLabel('tags of Attention Is All You Need').fill('thesis, to cite');
    await page.keyboard.press('Enter');
    await titled('Attention').locator('.chip', { hasText: 'to cite' }).waitFor();
    await page.getByRole('button', { name: 'Edit note of Attention' }).click();
    await page.getByLabel('note of Attention').fill('nothing of this');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Edit note of Attention' }).click();
    await page.getByLabel('note of Attention').fill('<b>section</b> 3');
    await page.keyboard.press('Enter');
    await page.getByLabel('Reading state of Attention').selectOption('read');
    await page.reload();
    await titled('Attention').getByText('<b>section</b> 3').waitFor();
    expect(await page.getByLabel('Reading state of Attention').inputValue()).toBe('read');
    await page.getByLabel('Tag', { exact: true }).selectOption('thesis');
    await count().filter({ hasText: '1 of 180 papers' }).waitFor();
  });

  it('chooses ranges by mouse and keyboard, also of rows that were never drawn', async () => {
    const boxes = page.locator('tbody input[type=checkbox]');
    const chosen = page.locator('.bulk-count');
    await boxes.nth(1).click();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    await chosen.filter({ hasText: '4 chosen' }).waitFor();
    await page.keyboard.press('Shift+ArrowDown');
    await chosen.filter({ hasText: '5 chosen' }).waitFor();
    await page.keyboard.press('Shift+End');
    await chosen.filter({ hasText: '179 chosen' }).waitFor();
    await page.locator('tr[aria-rowindex="181"] input:focus').waitFor();
    await page.keyboard.press('Control+a');
    await chosen.filter({ hasText: '180 chosen' }).waitFor();
    await page.getByRole('button', { name: 'Choose none' }).click();
    await chosen.waitFor({ state: 'detached' });
    expect(await page.locator('.library-chosen').count()).toBe(0);
  });

  it('tags, exports and removes what is chosen, and brings back what was removed as it was', async () => {
    await page.getByLabel('Find in the library').fill('deep');
    await count().filter({ hasText: 'of 180' }).waitFor();
    const deep = Number((await count().textContent())?.split(' ')[0]);
    expect(deep).toBeGreaterThan(2);
    await rows().first().getByRole('checkbox').focus();
    await page.keyboard.press('Control+a');
    await page.getByLabel('A tag for the chosen papers').fill('depth');
    await page.keyboard.press('Enter');
    await page.getByText(`Tagged “depth”: ${deep} papers`).waitFor();
    const download = page.waitForEvent('download');
    await page.getByLabel('Export the chosen papers').selectOption('bibtex');
    expect((await download).suggestedFilename()).toBe('library.bib');
    expect(readFileSync(await (await download).path(), 'utf8').match(/^@/gm)).toHaveLength(deep);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText(`${deep} papers taken out of the library`).waitFor();
    await page.getByText('No saved paper is like that').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await rows()
      .nth(deep - 1)
      .waitFor();
    expect(await rows().locator('.chip', { hasText: 'depth' }).count()).toBe(deep);
  });

  it('is accessible in both themes, and fits 320 px', async () => {
    await box('Attention Is All You Need').or(rows().first().getByRole('checkbox')).first().check();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoOverflow(page);
  });
});
