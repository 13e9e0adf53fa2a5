import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow } from '../support/browser.ts';

const ABSTRACT =
  'We present a network architecture that maps one sequence to another without recurrence or convolution. It relies on ' +
  'attention alone: every position looks at every other and takes from it what it needs. Training is faster as all positions ' +
  'are computed at once, and translations from English to German and to French are better than those of earlier ensembles.';

describeInBrowser('searching in a browser', {}, (site) => {
  let page: Page;
  beforeEach(async () => {
    page = await site.open();
  });

  const hits = () => page.locator('article[data-paper-id]');
  const parameter = (name: string) => new URL(page.url()).searchParams.get(name);
  const box = (name: string) => page.getByRole('group', { name }).getByRole('checkbox');
  const paste = async (text: string): Promise<void> => {
    await page.locator('#query').waitFor();
    // As text: tests are typed without a document.
    const pasting = `(input, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }`;
    await page.evaluate(`(${pasting})(document.querySelector('#query'), ${JSON.stringify(text)})`);
  };
  const search = async (query: string, more = ''): Promise<void> => {
    await page.goto(`${site.url}/?q=${encodeURIComponent(query)}${more}`);
    await hits().first().waitFor();
  };

  it('shows hits while a query is typed, as one step of the history', async () => {
    await page.goto(site.url);
    await page.locator('#query').pressSequentially('black holes give off heat', { delay: 30 });
    await page.locator('.hits[data-query="black holes give off heat"]').waitFor();
    await expect.poll(() => parameter('q')).toBe('black holes give off heat');
    await page.goBack();
    await page.locator('.welcome').waitFor();
    expect(await page.locator('#query').inputValue()).toBe('');
    await page.goForward();
    await hits().first().waitFor();
    expect(await page.locator('#query').inputValue()).toBe('black holes give off heat');
  });

  it('narrows by what is counted beside the hits, all of it in the address', async () => {
    await search('neural networks');
    await box('Categories').first().waitFor();
    await page.getByRole('checkbox', { name: /^cs\.CL Computation and Language/ }).check();
    await expect.poll(() => parameter('filter')).toBe('category:cs.CL');
    await page.getByRole('checkbox', { name: /^cs\.CV/ }).check();
    await expect.poll(() => parameter('filter')).toBe('category:cs.CL category:cs.CV');
    await page.getByRole('slider', { name: 'From year' }).focus();
    await page.keyboard.press('End');
    await expect.poll(() => parameter('filter')).toMatch(/year/);
    await page.getByRole('button', { name: 'All years' }).click();
    await expect.poll(() => parameter('filter')).toBe('category:cs.CL category:cs.CV');
    await page.getByRole('checkbox', { name: /^cs\.CL/ }).uncheck();
    await expect.poll(() => parameter('filter')).toBe('category:cs.CV');
    await page.goBack();
    await expect.poll(() => page.getByRole('checkbox', { name: /^cs\.CL/ }).isChecked()).toBe(true);
  });

  it('brushes years over the bars with the pointer', async () => {
    await search('neural networks');
    const bars = page.locator('.year-bars');
    await bars.waitFor();
    const { x = 0, y = 0, width = 0, height = 0 } = (await bars.boundingBox()) ?? {};
    await page.mouse.move(x + width * 0.5, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.7, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => parameter('filter')).toMatch(/^year:\d{4}\.\.\d{4}$/);
    const [from = 0, to = 0] = (parameter('filter') ?? '').match(/\d{4}/g)?.map(Number) ?? [];
    await expect
      .poll(async () => {
        const bylines = await page.locator('.hit .byline').allTextContents();
        return bylines.every((line) => {
          const year = Number(/\b(?:19|20)\d\d\b/.exec(line)?.[0]);
          return year >= from && year <= to;
        });
      })
      .toBe(true);
  });

  it('sorts by date, and says why a hit is there', async () => {
    await search('neural networks');
    await page.getByLabel('Order').selectOption('newest');
    await expect.poll(() => parameter('sort')).toBe('newest');
    await page.getByText(/that are relevant|papers ·/).waitFor();
    await page.getByRole('button', { name: 'Why this?' }).first().click();
    await page.getByText('By words').first().waitFor();
    await page.getByText('By meaning').first().waitFor();
    await expectAccessible(page);
  });

  it('is walked, saved from, dismissed from and opened by keys, which a window tells', async () => {
    await search('neural networks');
    await page.locator('main').focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('s');
    await hits().nth(1).getByRole('button', { name: /^Save/, pressed: true }).waitFor();
    await page.keyboard.press('x');
    await hits()
      .nth(1)
      .getByRole('button', { name: /^Dismiss/, pressed: true })
      .waitFor();
    const third = await hits().nth(2).locator('h3').innerText();
    await page.keyboard.press('o');
    await page.locator('h1', { hasText: third.slice(0, 30) }).waitFor();
    await page.goBack();
    await hits().nth(2).waitFor();
    await expect.poll(() => page.locator('article:focus-within h3').innerText()).toBe(third);
  });

  it.each([
    { width: 1280, height: 900 },
    { width: 390, height: 844 },
  ])('comes back to the very place of a long list, $width pixels wide', async (size) => {
    await page.setViewportSize(size);
    await search('networks', '&k=100');
    const link = hits().nth(60).locator('h3 a');
    for (let times = 0; times < 2; times += 1) {
      await link.scrollIntoViewIfNeeded();
      await page.waitForTimeout(500);
    }
    const before = (await link.boundingBox())?.y ?? 0;
    // As by keyboard: nothing scrolls it into view first.
    await link.dispatchEvent('click');
    await page.locator('h1').first().waitFor();
    await page.goBack();
    await hits().nth(60).waitFor();
    // Hits that come into the window are laid out only now.
    await page.waitForTimeout(500);
    expect(Math.abs(((await link.boundingBox())?.y ?? 9999) - before)).toBeLessThan(3);
  });

  it('keeps the hit that the keyboard comes to inside the window, in text four times as large', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await search('networks', '&k=100');
    await hits().nth(60).locator('h3 a').focus();
    for (let at = 59; at > 47; at -= 1) {
      await page.waitForTimeout(200);
      await page.keyboard.press('k');
      await page.waitForTimeout(200);
      const box = await hits().nth(at).locator('h3').boundingBox();
      expect(box?.y).toBeGreaterThanOrEqual(0);
      expect(box?.y).toBeLessThan(640);
    }
  });

  it('keeps what is typed and chosen while a filter is still being written', async () => {
    await search('neural');
    const filter = page.getByRole('textbox', { name: 'Filter' });
    await filter.fill('year>=2015');
    await page.locator('#query').focus();
    await page.keyboard.press('End');
    await page.keyboard.type(' networks');
    await expect.poll(() => parameter('filter')).toBe('year>=2015');
    expect(await page.locator('#query').inputValue()).toBe('neural networks');
    await expect.poll(() => parameter('q')).toBe('neural networks');
    await filter.fill('year>=2016');
    await page.getByLabel('Order').selectOption('newest');
    await expect.poll(() => parameter('filter')).toBe('year>=2016');
    expect(parameter('sort')).toBe('newest');
  });

  it('has the whole query again after a step back in the middle of typing and one forth', async () => {
    await page.goto(site.url);
    await page.locator('#query').pressSequentially('black holes');
    await page.goBack();
    await page.locator('.welcome').waitFor();
    await page.goForward();
    await expect.poll(() => page.locator('#query').inputValue()).toBe('black holes');
    expect(parameter('q')).toBe('black holes');
  });

  it('follows a search as a topic, which can be undone, and which the start page lists', async () => {
    await search('graph networks', `&filter=${encodeURIComponent('category:cs.LG year>=2015')}`);
    const follow = page.getByRole('button', { name: 'Follow this search' });
    await follow.click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await follow.click();
    await page.getByText(/Topics know no year>=2015/).waitFor();
    await page.getByRole('link', { name: 'Followed' }).waitFor();
    await page.goto(site.url);
    await page.getByRole('link', { name: 'graph networks' }).click();
    await hits().first().waitFor();
    expect(parameter('filter')).toBe('category:cs.LG');
  });

  it('takes a pasted abstract as an example, and keeps it in the address', async () => {
    await page.goto(site.url);
    await paste(`${ABSTRACT.slice(0, 100)}\n${ABSTRACT.slice(100)}`);
    await page.getByText('Papers like the text you pasted').waitFor();
    await hits().first().waitFor();
    expect(await hits().first().getAttribute('data-paper-id')).toBe('arXiv:1706.03762');
    await page.reload();
    await hits().first().waitFor();
    expect(await page.locator('#query').inputValue()).toContain('We present a network architecture');
  });

  it('says how much it takes of a pasted text that is too long', async () => {
    await page.goto(site.url);
    const text = `${ABSTRACT} `.repeat(40).trim();
    await paste(text);
    await page.getByText(`its first 10,000 of ${text.length.toLocaleString('en')} characters`).waitFor();
    await hits().first().waitFor();
    expect(await page.locator('#query').inputValue()).toBe(text.slice(0, 10_000));
  });

  it('asks what a bibliography dropped on the box is, then saves it or finds papers like it', async () => {
    const entry = '@article{a1, title={Attention in sequence models}, author={Quill, Edda}, year={2019},';
    const bib = `${entry} abstract={Attention relates the positions of a sequence for translation.}}`;
    const dropping = `(input, text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], 'mine.bib'));
      input.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }`;
    const drop = (): Promise<unknown> =>
      page.evaluate(`(${dropping})(document.querySelector('#query'), ${JSON.stringify(bib)})`);
    await page.goto(site.url);
    await page.locator('.welcome').waitFor();
    await drop();
    await page.getByRole('button', { name: /find papers like these/ }).click();
    await page.getByText('Papers like those of').waitFor();
    await hits().first().waitFor();
    expect(parameter('like')).toBe('source:mine');
    await drop();
    await page.getByRole('button', { name: /save them to my library/ }).click();
    await page.getByText(/in your library now/).waitFor();
    await search('"attention in sequence models"');
    await hits().first().getByRole('button', { name: /^Save/, pressed: true }).waitFor();
  });

  it('is accessible and fits a phone, in both themes, with the panel open', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 320, height: 700 });
      await page.goto(site.url);
      await page.locator('.ways').waitFor();
      await expectAccessible(page);
      await expectNoOverflow(page);
      await search('neural networks');
      await page.locator('.filter-toggle').click();
      await box('Categories').first().waitFor();
      await expectAccessible(page);
      await expectNoOverflow(page);
    }
  });
});
