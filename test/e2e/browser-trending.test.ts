import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow, type Site } from '../support/browser.ts';
import { run } from '../support/cli.ts';

const PAPERS = [
  { id: 'zoo:owls', title: 'Owls <script>document.title="hacked"</script> at night', date: '2025-05-13', upvotes: 12 },
  { id: 'zoo:voles', title: 'Voles of $O(n)$ burrows', date: '2025-05-13', upvotes: 40 },
  { id: 'zoo:shrews', title: 'Shrews in winter', date: '2025-05-09', upvotes: 90 },
  { id: 'zoo:moles', title: 'Moles unseen', date: '2025-03-01', upvotes: 3 },
];

async function importVoted({ folder, workspace }: Pick<Site, 'folder' | 'workspace'>): Promise<void> {
  const file = join(folder, 'voted.jsonl');
  const papers = PAPERS.map((paper) => ({ ...paper, abstract: `About ${paper.id}. It is measured for a year.` }));
  writeFileSync(file, papers.map((paper) => JSON.stringify(paper)).join('\n'));
  expect(await run(['import', file, '--workspace', workspace, '--quiet'])).toMatchObject({ code: 0 });
}

describeInBrowser('what is trending, in a browser', { library: importVoted }, (site) => {
  let page: Page;
  beforeEach(async () => {
    page = await site.open();
  });

  const titles = (): Promise<string[]> => page.locator('.trending-entry h2').allInnerTexts();
  const heading = (name: string): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();

  it('is titles and abstracts under a date, by votes, with days before and after by links', async () => {
    await page.goto(`${site.url}/trending`);
    await heading('13 May 2025');
    await page.locator('.trending-entry').first().waitFor();
    expect(await titles()).toHaveLength(2);
    expect((await titles())[1]).toContain('<script>');
    expect(await page.title()).toBe('Trending · Paperkin');
    await page.getByText('40 votes').waitFor();
    await page.getByText('About zoo:owls.').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: '← 9 May' }).first().click();
    await heading('9 May 2025');
    expect(new URL(page.url()).searchParams.get('date')).toBe('2025-05-09');
    await expect.poll(titles).toEqual(['Shrews in winter']);
    await page.getByRole('link', { name: '13 May →' }).first().click();
    await heading('13 May 2025');
    await page.goBack();
    await heading('9 May 2025');
  });

  it('covers a week and a month, and says what an empty day lacks', async () => {
    await page.goto(`${site.url}/trending?date=2025-05-13`);
    await page.getByRole('link', { name: 'Week', exact: true }).click();
    await expect.poll(async () => (await titles()).length).toBe(3);
    expect(page.url()).toContain('period=week');
    await page.goto(`${site.url}/trending?date=2025-04-01`);
    await page.getByRole('heading', { name: 'Nothing on this day' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Go to 1 March 2025' }).click();
    await expect.poll(titles).toEqual(['Moles unseen']);
    await page.goto(`${site.url}/trending?date=yesterday`);
    await page.getByRole('alert').waitFor();
    expect(site.wrong().filter((text) => !text.includes('400'))).toEqual([]);
  });

  it('saves and dismisses, also by keyboard, and offers the mail', async () => {
    await page.goto(`${site.url}/trending?date=2025-05-13`);
    const first = page.locator('.trending-entry').first();
    await first.waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('s');
    await first.getByRole('button', { name: 'Save', pressed: true }).waitFor();
    await first.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('Dismissed: ').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await first.getByRole('button', { name: 'Dismiss', pressed: false }).waitFor();
    await page.getByRole('link', { name: 'Subscribe' }).click();
    const drawer = page.getByRole('dialog', { name: 'By mail or feed reader' });
    await drawer.getByLabel('Address').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(new URL(page.url()).hash).toBe('');
  });

  it('fits a phone in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${site.url}/trending?period=month&date=2025-05-13`);
    await page.locator('.trending-entry').first().waitFor();
    await expectNoOverflow(page);
    await expectAccessible(page);
  });
});
