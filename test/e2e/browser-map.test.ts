import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow, type PageOptions } from '../support/browser.ts';
import { NOTE_DRAWING, withMap } from '../support/invented-map.ts';
import { makeReader } from '../support/pages.ts';

const canvas = (page: Page) => page.getByRole('application', { name: 'Map of papers' });

/** What is seen of the map. */
const picture = async (page: Page): Promise<string> => (await canvas(page).screenshot()).toString('base64');

/** Middle and zoom of the view, as the address has them. */
const lookedAt = (page: Page): number[] => (new URL(page.url()).searchParams.get('at') ?? '').split(',').map(Number);

/** The index, the search and the feed are all asked at once. */
const SLOWLY = { timeout: 20_000 };

describeInBrowser('the map in a browser', { prepare: makeReader, webGl: true }, (site) => {
  /** The page, once there is a map on it. */
  async function openMap(path = '/map', options: PageOptions = {}): Promise<Page> {
    const answer = (init?: RequestInit): Promise<unknown> =>
      fetch(`${site.url}/api/map`, init).then((response): Promise<unknown> => response.json());
    await answer({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    await expect.poll(() => answer(), SLOWLY).toMatchObject({ state: 'ready' });
    const page = await site.open(options);
    await page.goto(site.url + path);
    await canvas(page).waitFor();
    return page;
  }

  it('is made where there is none, and shown when it is there', async () => {
    const page = await site.open();
    await page.goto(`${site.url}/map`);
    await page.getByRole('button', { name: 'Draw the map' }).click();
    await canvas(page).waitFor({ timeout: 50_000 });
    await expect.poll(() => page.locator('.map-name').count()).toBeGreaterThan(0);
  });

  it('says in words what lies where, with papers that can be opened', async () => {
    const page = await openMap();
    const list = page.getByRole('region', { name: 'What lies where' });
    const first = list.locator('.map-region-name').first();
    await first.press('Enter');
    expect(await first.getAttribute('aria-expanded')).toBe('true');
    const paper = list.locator('.map-papers a').first();
    const title = await paper.innerText();
    await paper.press('Enter');
    await page.getByRole('heading', { level: 1 }).filter({ hasText: title }).waitFor();
    await page.goBack();
    await canvas(page).waitFor();
  });

  it('moves by keys, and its address keeps where it is', async () => {
    const page = await openMap();
    const whole = await picture(page);
    await canvas(page).press('+');
    await canvas(page).press('+');
    await canvas(page).press('ArrowRight');
    await page.waitForURL(/at=/);
    expect(await picture(page)).not.toBe(whole);
    const address = page.url();
    const names = await page.locator('.map-name').allInnerTexts();
    await page.reload();
    await canvas(page).waitFor();
    await expect.poll(() => page.locator('.map-name').allInnerTexts()).toEqual(names);
    expect(page.url()).toBe(address);
    await canvas(page).press('0');
    await page.waitForURL((url) => !url.search.includes('at='));
  });

  it('moves by wheel and hand', async () => {
    const page = await openMap();
    const { x, y, width, height } = (await canvas(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.wheel(0, -480);
    await page.waitForURL(/at=/);
    const [left = NaN, middle = NaN, zoom = NaN] = lookedAt(page);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 100, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => lookedAt(page)[0]).toBeLessThan(left);
    expect(lookedAt(page).slice(1)).toEqual([middle, zoom]);
    expect(new URL(page.url()).pathname).toBe('/map');
  });

  it('lights the library, a search’s hits and the feed, each to be turned off', async () => {
    const page = await openMap('/map?q=attention');
    const legend = page.getByRole('group', { name: 'Lit on the map' });
    await expect.poll(() => legend.innerText(), SLOWLY).toMatch(/Your library\s*5\s/);
    await expect.poll(() => legend.innerText(), SLOWLY).toMatch(/Search hits\s*[1-9]/);
    const lit = await picture(page);
    await legend.getByRole('checkbox', { name: /Search hits/ }).uncheck();
    await page.waitForURL(/unlit=hits/);
    await expect.poll(() => picture(page)).not.toBe(lit);
  });

  it('saves what was drawn around, makes a topic of it and searches within', async () => {
    const page = await openMap();
    const { x, y, width, height } = (await canvas(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.getByRole('button', { name: 'Draw around papers' }).click();
    const corners = [
      [0.2, 0.2],
      [0.55, 0.2],
      [0.55, 0.6],
      [0.2, 0.6],
    ] as const;
    await page.mouse.move(x + 0.2 * width, y + 0.2 * height);
    await page.mouse.down();
    for (const [across, down] of corners) await page.mouse.move(x + across * width, y + down * height, { steps: 3 });
    await page.mouse.up();
    const selection = page.getByRole('region', { name: /selected$/ });
    await selection.getByRole('button', { name: /^Save/ }).click();
    await page.getByText(/^Saved \d+ papers?$/).waitFor();
    const body: unknown = await (await fetch(`${site.url}/api/library`)).json();
    expect(body).toMatchObject({ total: expect.any(Number) });
    await selection.getByRole('button', { name: 'Make a topic' }).click();
    await selection.getByLabel('Name of the topic').fill('From the map');
    await selection.getByRole('button', { name: 'Make', exact: true }).click();
    await page.getByText(/^Made the topic From the map/).waitFor();
  });

  it('selects what is in view by the keyboard, and searches within it', async () => {
    const page = await openMap('/map?at=0,0,3');
    await page.getByRole('button', { name: 'Select what is in view' }).press('Enter');
    await page.getByRole('button', { name: 'Search within' }).press('Enter');
    await page.waitForURL(/\?filter=id/);
    expect(new URL(page.url()).pathname).toBe('/');
  });

  it('selects regions by the keyboard, one after another, and says how many papers that are', async () => {
    const page = await openMap();
    const told = page.locator('.map-page > output');
    const buttons = page.getByRole('region', { name: 'What lies where' }).getByRole('button', { name: /^Select: / });
    const papers = await page.locator('.map-regions > li > .map-region > .map-count').allInnerTexts();
    const [first = NaN, second = NaN] = papers.map(Number);
    await buttons.nth(0).press('Enter');
    await expect.poll(() => told.innerText()).toMatch(new RegExp(`: ${first} papers?\\. ${first} papers? selected$`));
    await buttons.nth(1).press('Space');
    await expect.poll(() => told.innerText()).toMatch(/^Added .* selected$/);
    await page.getByRole('heading', { name: `${first + second} papers selected` }).waitFor();
    expect(await buttons.nth(0).getAttribute('aria-pressed')).toBe('true');
    await buttons.nth(0).press('Enter');
    await expect.poll(() => told.innerText()).toMatch(/^Took away /);
    await page
      .getByRole('region', { name: /selected$/ })
      .getByRole('heading')
      .filter({ hasText: `${second} ` })
      .waitFor();
    expect(await buttons.nth(0).getAttribute('aria-pressed')).toBe('false');
    await page.getByRole('button', { name: 'Clear', exact: true }).press('Enter');
    await expect.poll(() => told.innerText()).toBe('Nothing is selected');
  });

  it('forgets what was selected on a layout that there is no more', async () => {
    const page = await site.open();
    await page.clock.install();
    await openMap();
    await page.goto(`${site.url}/map`);
    await canvas(page).waitFor();
    await page
      .getByRole('button', { name: /^Select: / })
      .first()
      .click();
    const selected = page.getByRole('region', { name: /selected$/ });
    await selected.waitFor();
    const layout = async (): Promise<string> =>
      /"layout":(\d+)/.exec(await (await fetch(`${site.url}/api/map`)).text())?.[1] ?? '';
    const before = await layout();
    await fetch(`${site.url}/api/map`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"anew":true}',
    });
    await expect.poll(layout, SLOWLY).not.toBe(before);
    await page.clock.fastForward(31_000);
    await selected.waitFor({ state: 'detached' });
    await canvas(page).waitFor();
  });

  it('shows the whole map when told to, however lately it was moved', async () => {
    const page = await openMap();
    const name = page.locator('.map-name').first();
    await name.waitFor();
    const whole = await page.locator('.map-names').innerHTML();
    await page.evaluate(`{
      const key = new KeyboardEvent('keydown', { key: '+', bubbles: true });
      for (let i = 0; i < 4; i += 1) document.querySelector('.map-canvas').dispatchEvent(key);
      [...document.querySelectorAll('.map-tools button')].find((button) => button.textContent === 'Whole map').click();
    }`);
    await page.waitForTimeout(500);
    expect(new URL(page.url()).search).toBe('');
    expect(await page.locator('.map-names').innerHTML()).toBe(whole);
  });

  it('drops a line that is being drawn when a second finger comes', async () => {
    const page = await openMap('/map', { hasTouch: true });
    await page.getByRole('button', { name: 'Draw around papers' }).click();
    const { x = 0, y = 0 } = (await canvas(page).boundingBox()) ?? {};
    const fingers = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
      fingers.send('Input.dispatchTouchEvent', { type, touchPoints });
    const first = { x: x + 200, y: y + 200 };
    await touch('touchStart', { x: x + 100, y: y + 100 });
    await touch('touchMove', { x: x + 200, y: y + 100 });
    await touch('touchMove', first);
    await page.locator('.map-lasso').waitFor();
    await touch('touchStart', first, { x: x + 300, y: y + 100 });
    await page.locator('.map-lasso').waitFor({ state: 'detached' });
    await touch('touchEnd');
    expect(await page.getByRole('region', { name: /selected$/ }).count()).toBe(0);
  });

  it('names each region beside the colour of its points, the same on the map and in the list', async () => {
    const page = await openMap();
    const names = page.locator('.map-name');
    await names.first().waitFor();
    const name = await names.first().innerText();
    const colour = (selector: string): Promise<string> =>
      page.evaluate<string>(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).color`);
    const entry = page.locator('.map-region-name', { hasText: name }).first().locator('.map-region-colour');
    const className = (await entry.getAttribute('class'))?.split(' ').at(-1) ?? '';
    expect(await names.first().getAttribute('class')).toContain(className);
    expect(await colour('.map-name')).toBe(await colour(`.${className}`));
  });

  it('draws every paper of a large map again when it has come to rest', async () => {
    const papers = 100_000;
    // The server knows nothing of this map: what is lit is not found there.
    const page = await site.open({ failing: true });
    await page.addInitScript(NOTE_DRAWING);
    await withMap(page, papers);
    await page.goto(`${site.url}/map`);
    const drawnLast = () => page.evaluate<number>('window.calls.at(-1)?.count');
    await expect.poll(drawnLast, SLOWLY).toBe(papers);
    for (let i = 0; i < 4; i += 1) {
      await page.evaluate('window.calls.length = 0');
      await canvas(page).press(i % 2 === 0 ? '+' : 'ArrowLeft');
      await expect.poll(drawnLast, SLOWLY).toBe(papers);
    }
  });

  it.each(['light', 'dark'] as const)('is accessible in the %s theme, and fits any width', async (colorScheme) => {
    const page = await openMap('/map?q=attention', { colorScheme, reducedMotion: 'reduce' });
    await page.locator('.map-region-name').first().click();
    await page.locator('.map-papers').first().waitFor();
    await page
      .getByRole('button', { name: /^Select: / })
      .first()
      .click();
    await page.getByRole('region', { name: /selected$/ }).waitFor();
    await expectAccessible(page);
    for (const width of [320, 360, 1440, 3840]) {
      await page.setViewportSize({ width, height: 800 });
      await expectNoOverflow(page);
    }
  });

  it('says so where there is no WebGL, and is there in words', async () => {
    const page = await site.open();
    await page.addInitScript('HTMLCanvasElement.prototype.getContext = () => null');
    await page.goto(`${site.url}/map`);
    await page.getByRole('heading', { name: 'This browser cannot draw the map' }).waitFor();
    expect(await page.locator('.map-region-name').count()).toBeGreaterThan(0);
  });
});
