import { beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { describeInBrowser, expectAccessible } from '../support/browser.ts';
import { hasShared, SHARED } from '../support/judged.ts';
import { importMany, SAVED, saveHalf } from '../support/many-papers.ts';

/** As far as a list of hits goes. */
const MOST_HITS = 200;

describe.skipIf(!hasShared)(`20,000 papers (need ${SHARED})`, () => {
  describeInBrowser('many papers in a browser', { library: importMany, prepare: saveHalf }, (site) => {
    let page: Page;
    beforeEach(async () => {
      page = await site.open();
    });

    it('are searched key by key, the last answer being that of the whole text', async () => {
      const text = 'perceptrons for speech recognition';
      await page.goto(site.url);
      await page.getByText(/^20,000 papers from/).waitFor();
      await page.locator('#query').pressSequentially(text, { delay: 20 });
      await page.locator(`.hits[data-query="${text}"]`).waitFor();
      const first = page.locator('article[data-paper-id]').first();
      expect((await first.innerText()).toLowerCase()).toContain('speech recognition');
      await page.getByText(/^Best 20 of 20,000 papers searched/).waitFor();
    });

    it('are listed to the end of what a search shows, and are there again after a paper was read', async () => {
      await page.goto(`${site.url}/?q=learning`);
      const hits = page.locator('article[data-paper-id]');
      const more = page.getByRole('button', { name: 'Show more' });
      for (let shown = 40; shown <= MOST_HITS; shown += 20) {
        await more.click();
        await expect.poll(() => hits.count()).toBe(shown);
      }
      await more.waitFor({ state: 'detached' });
      await hits.last().scrollIntoViewIfNeeded();
      const link = hits.last().locator('h3 a');
      await expect.poll(() => link.innerText()).not.toBe('');
      const title = await link.innerText();
      await link.click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await page.goBack();
      await expect.poll(() => link.innerText()).toBe(title);
      await page.locator('article:focus-within h3', { hasText: title }).waitFor();
      await expectAccessible(page);
    });

    it('stand in the library as a table that draws the rows near the window', async () => {
      await page.goto(`${site.url}/library`);
      const rows = page.locator('tbody tr').filter({ has: page.getByRole('checkbox') });
      await rows.first().waitFor();
      const table = page.getByRole('table', { name: 'Saved papers' });
      expect(await table.getAttribute('aria-rowcount')).toBe(String(SAVED + 1));
      await rows.first().getByRole('checkbox').focus();
      await page.keyboard.press('End');
      await page.locator(`tr[aria-rowindex="${SAVED + 1}"] input:focus`).waitFor();
      expect(await rows.count()).toBeLessThan(80);
      await page.keyboard.press('Control+a');
      await page.locator('.bulk-count').filter({ hasText: '10,000 chosen' }).waitFor();
      await expectAccessible(page);
    });
  });
});
