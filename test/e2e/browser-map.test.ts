import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow, type PageOptions } from '../support/browser.ts';
import { makeReader } from '../support/pages.ts';

const canvas = (page: Page) => page.getByRole('application', { name: 'Map of papers' });

/** What is seen of the map. */
const picture = async (page: Page): Promise<string> => (await canvas(page).screenshot()).toString('base64');

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
    await page.waitForURL(/at=-?0(\.00\d)?%2C-?0(\.00\d)?%2C2/);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 100, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/at=-0\.(?:0[1-9]|[1-9])\d*%2C-?0(\.00\d)?%2C2/);
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

  it.each(['light', 'dark'] as const)('is accessible in the %s theme, and fits any width', async (colorScheme) => {
    const page = await openMap('/map?q=attention', { colorScheme, reducedMotion: 'reduce' });
    await page.locator('.map-region-name').first().click();
    await page.locator('.map-papers').first().waitFor();
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
