import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow } from '../support/browser.ts';
import { makeReader, PAGES } from '../support/pages.ts';

const SEARCH = '/?q=neural+networks';

/** Until the page shows what it was asked for. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
}

describeInBrowser('every page', { prepare: makeReader }, (site) => {
  it.each(Object.entries(PAGES))(
    '%s moves nothing while it is drawn, is accessible in both themes, and fits any width and text twice as large',
    async (_name, path) => {
      const page = await site.open({ failing: true });
      await page.addInitScript(`window.shift = 0; new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });`);
      await page.goto(site.url + path);
      await settled(page);
      await page.waitForTimeout(300);
      expect(Number(await page.evaluate('window.shift'))).toBeLessThan(0.02);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await expectAccessible(page);
      }
      for (const width of [320, 360, 768, 1440, 3840]) {
        await page.setViewportSize({ width, height: 800 });
        await expectNoOverflow(page);
      }
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.evaluate('document.documentElement.style.fontSize = "200%"');
      await expectNoOverflow(page);
    },
  );

  it.each(Object.entries(PAGES))(
    '%s says that the server does not answer, and goes on when it does',
    async (_name, path) => {
      const page = await site.open({ failing: true });
      await page.goto(site.url);
      await settled(page);
      await page.route('**/api/**', (route) => route.abort());
      await page.evaluate(`history.pushState({ key: 'k', kind: 'settled' }, '', ${JSON.stringify(path)});
      dispatchEvent(new PopStateEvent('popstate'))`);
      await page.unroute('**/api/**');
      const retry = page.getByRole('button', { name: 'Try again' });
      await page.locator('main h1, main h2').first().waitFor();
      if (await retry.first().isVisible()) await retry.first().click();
      await settled(page);
      expect(await page.getByText('Paperkin does not answer').count()).toBe(0);
    },
  );

  it('keeps what was typed while the server is gone, and searches when it is back', async () => {
    const page = await site.open({ failing: true });
    await page.goto(site.url);
    await page.route('**/api/search*', (route) => route.abort());
    await page.locator('#query').pressSequentially('neural networks');
    await page.getByText('Paperkin does not answer').first().waitFor();
    expect(await page.locator('#query').inputValue()).toBe('neural networks');
    await page.unroute('**/api/search*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('article[data-paper-id]').first().waitFor();
  });

  it('shows no paper as saved that could not be saved, and those that were', async () => {
    const page = await site.open({ failing: true });
    await page.goto(site.url + SEARCH);
    const save = page.locator('article[data-paper-id] [data-mark="save"][aria-pressed="false"]');
    await save.first().waitFor();
    const names = await Promise.all([0, 1].map((at) => save.nth(at).getAttribute('aria-label')));
    const [saved, unsaved] = names.map((name) =>
      page.getByRole('button', { name: name?.replace('Save: ', ': ') ?? '' }).and(page.locator('[data-mark="save"]')),
    );
    await saved?.click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.route(/\/api\/(?:library|marks)/, (route) => route.abort());
    for (let times = 0; times < 3; times += 1) await unsaved?.click();
    await expect.poll(() => page.getByText('Paperkin does not answer').count()).toBe(3);
    await expect.poll(() => unsaved?.getAttribute('aria-pressed')).toBe('false');
    expect(await saved?.getAttribute('aria-pressed')).toBe('true');
  });

  it('offers to take back nothing of one reader once another has signed in, and shows nothing half typed', async () => {
    const page = await site.open({ failing: true });
    await page.goto(`${site.url}${PAGES['paper']}`);
    await page.locator('main article h1').waitFor();
    await page.evaluate(`sessionStorage.setItem('paperkin.draft.x', 'mine')`);
    await page.locator('[data-mark="dismiss"]').first().click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    // Held open for as long as the pointer is on it.
    await page.getByRole('button', { name: 'Undo' }).hover();
    await page.evaluate(`history.pushState({ key: 'k', kind: 'settled' }, '', '/settings');
      dispatchEvent(new PopStateEvent('popstate'))`);
    await page.getByLabel('Read as somebody else, by their token').fill('paperkin_of_somebody_else');
    await page.getByLabel('Read as somebody else, by their token').press('Enter');
    await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached', timeout: 2_000 });
    expect(await page.evaluate(`sessionStorage.getItem('paperkin.draft.x')`)).toBeNull();
  });

  it('shows a skeleton while a slow server thinks, and the rest of a paper when its kin fail', async () => {
    const page = await site.open({ failing: true });
    await page.route('**/api/search*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await route.continue();
    });
    await page.goto(site.url + SEARCH);
    await page.locator('.skeleton').first().waitFor();
    expect(await page.locator('article[data-paper-id]').count()).toBe(0);
    await page.locator('article[data-paper-id]').first().waitFor();
    await page.route('**/related*', (route) => route.fulfill({ status: 500, body: 'no' }));
    await page.goto(`${site.url}${PAGES['paper']}`);
    await page.locator('h1', { hasText: 'Attention Is All You Need' }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute('**/related*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('article[data-paper-id]').first().waitFor();
  });

  it('goes back to where the reader was', async () => {
    const page = await site.open();
    await page.goto(site.url + SEARCH);
    await page.locator('article[data-paper-id]').first().waitFor();
    const fifth = page.locator('article[data-paper-id] .hit-title a').nth(4);
    await fifth.scrollIntoViewIfNeeded();
    await fifth.click();
    await page.waitForURL('**/papers/**');
    await page.locator('main article h1').waitFor();
    await page.goBack();
    await fifth.waitFor();
    expect(await page.evaluate('scrollY')).toBeGreaterThan(0);
    expect(new URL(page.url()).searchParams.get('q')).toBe('neural networks');
    await page.goForward();
    await page.locator('main article h1').waitFor();
  });
});
