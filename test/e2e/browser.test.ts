import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow } from '../support/browser.ts';

// From an empty workspace, as `npm start` begins.
describeInBrowser('the first minute in a browser', { library: () => undefined }, (site) => {
  let page: Page;
  beforeEach(async () => {
    page = await site.open();
  });

  const hits = () => page.locator('article[data-paper-id]');

  it('answers a question as it is typed, with the sentence that answers marked', async () => {
    await page.goto(site.url);
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
      `${site.url}/?q=${encodeURIComponent('neural networks')}&filter=${encodeURIComponent('year<1990')}`,
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
    await page.goto(`${site.url}/papers/${encodeURIComponent('arXiv:1706.03762')}`);
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
    const file = join(site.folder, 'mine.jsonl');
    const hostile = '<img src=x onerror="document.title=\'hacked\'"><script>document.title="hacked"</script>';
    const paper = {
      id: 'mine:1',
      title: `Quuxification ${hostile} of $O(n)$ lists`,
      abstract: `Quuxification is explained. ${hostile} $\\href{javascript:alert(1)}{x}$`,
    };
    writeFileSync(file, `${JSON.stringify(paper)}\nbroken\n`);
    await page.goto(`${site.url}/import`);
    await page.locator('input[type=file]').setInputFiles(file);
    const summary = page.locator('[data-testid="import-summary"]');
    await summary.waitFor();
    expect(await summary.textContent()).toMatch(/1/);
    await page.getByText('mine.jsonl').first().waitFor();
    await page.goto(`${site.url}/?q=quuxification`);
    await hits().first().waitFor();
    expect(await hits().first().getAttribute('data-paper-id')).toBe('mine:1');
    expect(await hits().first().textContent()).toContain('<img src=x');
    expect(await page.title()).not.toContain('hacked');
    expect(await page.locator('article img, article script, article a[href^="javascript"]').count()).toBe(0);
  });

  it('saves and dismisses a paper, and takes each back', async () => {
    await page.goto(`${site.url}/?q=neural+networks`);
    await hits().first().waitFor();
    const title = await hits().first().locator('h3').innerText();
    await hits().first().getByRole('button', { name: 'Save' }).click();
    await page.getByText(`Saved: ${title.slice(0, 20)}`).waitFor();
    await page.reload();
    await hits().first().getByRole('button', { name: 'Save', pressed: true }).waitFor();
    await hits().first().getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('Dismissed: ').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await hits().first().getByRole('button', { name: 'Dismiss', pressed: false }).waitFor();
    await hits().first().getByRole('button', { name: 'Save' }).click();
    await page.getByText('No longer saved').waitFor();
    await expectAccessible(page);
  });

  it('says so when nothing is found, works by keyboard, and fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(site.url);
    await page.keyboard.type('/');
    await page.keyboard.type('compilers');
    await hits().first().waitFor();
    await expectNoOverflow(page);
    await page.goto(`${site.url}/?q=graphs&filter=${encodeURIComponent('year:1066')}`);
    await page
      .getByText(/no paper|nothing|No papers/i)
      .first()
      .waitFor();
  });
});
