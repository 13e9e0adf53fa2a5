import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow } from '../support/browser.ts';

describeInBrowser('a feed in a browser, from the first visit on', {}, (site) => {
  let page: Page;
  beforeEach(async () => {
    page = await site.open();
  });

  const items = () => page.locator('.feed-item:not(.feed-gone)');
  const feed = async (path = '/feed'): Promise<void> => {
    await page.goto(site.url + path);
    await items().first().waitFor();
  };
  const api = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
    const body: Record<string, unknown> = JSON.parse(await (await fetch(site.url + path)).text());
    return body;
  };
  const dismissed = async (id: string | null): Promise<boolean> => {
    const { feedback } = await api('/api/marks');
    return JSON.stringify(feedback).includes(JSON.stringify(id));
  };
  const idOf = (at: number): Promise<string | null> => items().nth(at).getAttribute('data-paper-id');

  it('asks a new reader, counts the answers, and makes the first feed with its reasons', async () => {
    await page.goto(`${site.url}/feed`);
    await page.getByRole('heading', { name: 'A feed of your own' }).waitFor();
    await page.getByRole('button', { name: /^cs\.CL/ }).click();
    const open = page.locator('section[aria-busy=false] .question:not(.question-answered)');
    await open.first().waitFor();
    const title = await open.first().locator('h3').innerText();
    await expectAccessible(page);
    await open.first().getByRole('button', { name: 'Not for me' }).click();
    await page.locator('.question-answered', { hasText: title }).waitFor();
    for (let liked = 1; liked <= 5; liked += 1) {
      await open
        .first()
        .getByRole('button', { name: /I would read this/ })
        .click();
      await page.getByText(liked < 5 ? `${liked} of 5` : 'enough for a good feed').waitFor();
    }
    // More is asked as soon as all is answered.
    await open.first().waitFor();
    await page.getByRole('link', { name: 'Show my feed' }).click();
    await items().first().waitFor();
    await page.locator('.reason', { hasText: 'Because of' }).first().waitFor();
    expect(await page.evaluate('scrollY')).toBe(0);
    expect(await page.locator('.feed-group h2').count()).toBeGreaterThan(1);
    expect(await page.locator('.feed-item mark').count()).toBeGreaterThan(0);
    expect((await page.locator('.feed-item h3').allInnerTexts()).includes(title)).toBe(false);
    await expectAccessible(page);
  });

  it('tells what was really on the screen, and nothing else', async () => {
    await feed();
    await expect
      .poll(async () => (await api('/api/person/export'))['impressions'], { timeout: 20_000 })
      .toEqual(expect.arrayContaining([expect.objectContaining({ place: 'feed' })]));
    const { impressions } = await api('/api/person/export');
    expect(Array.isArray(impressions) ? impressions.length : -1).toBeLessThan(await items().count());
  });

  it('saves, likes and dismisses by keyboard, folds what is dismissed, and takes it back', async () => {
    await feed();
    await items().first().locator('.hit-title a').focus();
    const [first, second] = [await idOf(0), await idOf(1)];
    await page.keyboard.press('s');
    await items().first().getByRole('button', { name: 'Save', pressed: true }).waitFor();
    await page.keyboard.press('s');
    await items().first().getByRole('button', { name: 'Save', pressed: false }).waitFor();
    await page.keyboard.press('x');
    const gone = page.locator(`.feed-gone[data-paper-id="${first}"]`);
    await gone.getByText('Dismissed').waitFor();
    const focused = page.locator('article:has(.hit-title a:focus)');
    expect(await focused.getAttribute('data-paper-id')).toBe(second);
    await page.keyboard.press('k');
    await page.keyboard.press('x');
    await gone.waitFor({ state: 'detached' });
    await expect.poll(() => dismissed(first)).toBe(false);
    await items().first().getByRole('button', { name: 'Dismiss' }).click();
    await gone.getByRole('button', { name: 'Undo' }).waitFor();
    await expect.poll(() => dismissed(first)).toBe(true);
    expect(await gone.getByRole('button', { name: 'Undo' }).evaluate((button) => button.matches(':focus'))).toBe(true);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await gone.waitFor({ state: 'detached' });
    expect(await page.locator(`[data-paper-id="${first}"]`).count()).toBe(0);
    await page.keyboard.press('Escape');
    await fetch(`${site.url}/api/feedback/${encodeURIComponent(first ?? '')}`, { method: 'DELETE' });
    await feed();
    await items().first().locator('.hit-title a').focus();
    await page.keyboard.press('o');
    await page.locator('.paper-head h1').waitFor();
    await page.goBack();
    await items().first().waitFor();
  });

  it('says what would make an item leave, does so at once, and undoes it', async () => {
    await feed();
    const before = await items().count();
    await items().first().getByRole('button', { name: 'Fewer like this' }).click();
    const mute = page.locator('.fewer-choice', { hasText: /^Mute/ });
    const says = await mute.innerText();
    const count = Number(/: (\d+) items? of this feed/.exec(says)?.[1]);
    await expectAccessible(page);
    await mute.click();
    await page.locator('.feed-gone', { hasText: 'Interest muted' }).waitFor();
    await expect.poll(() => items().count()).toBe(before - count);
    await page.locator('.feed-gone').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => items().count()).toBe(before);
    await items().first().getByRole('button', { name: 'Fewer like this' }).click();
    await page.locator('.fewer-choice', { hasText: /^Nothing by/ }).click();
    await page.locator('.feed-gone', { hasText: /Nothing by/ }).waitFor();
    expect(await api('/api/hidden')).toMatchObject({ hidden: [{ kind: 'author' }] });
    await page.locator('.toast', { hasText: 'Nothing by' }).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => items().count()).toBe(before);
    expect(await api('/api/hidden')).toEqual({ hidden: [] });
  });

  it('shows one interest by its address, pages on, and makes another feed at another variety', async () => {
    await feed();
    const first = await items().count();
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => items().count()).toBeGreaterThan(first);
    const ids = await items().evaluateAll((all) => all.map((one) => one.getAttribute('data-paper-id')));
    expect(new Set(ids).size).toBe(ids.length);
    await page.getByRole('navigation', { name: 'Interests' }).getByRole('link').nth(1).click();
    await expect.poll(() => page.locator('.feed-group').count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('interest')).toMatch(/^\d+$/);
    await page.goBack();
    await expect.poll(() => page.locator('.feed-group').count()).toBeGreaterThan(1);
    await page.getByLabel('Variety').fill('1');
    await expect.poll(async () => (await api('/api/profile'))['diversity']).toBe(1);
    await page.locator('.feed-items[aria-busy=false]').waitFor();
    await page.getByLabel('Variety').fill('0.3');
    await expect.poll(async () => (await api('/api/profile'))['diversity']).toBe(0.3);
  });

  it('makes another feed where the server has forgotten the one that is paged through', async () => {
    await feed();
    await page.route('**/api/feed?*cursor=*', async (route) => {
      const response = await route.fetch({ url: `${site.url}/api/feed?cursor=gone.1` });
      await route.fulfill({ response });
    });
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('here is a new one').waitFor();
    await items().first().waitFor();
    // The browser tells of every answer that is no success.
    expect(site.wrong().filter((text) => !text.includes('410'))).toEqual([]);
  });

  it('lets the profile be read, renamed, muted, merged, told and begun anew', async () => {
    await feed();
    await page.getByRole('link', { name: 'Your profile' }).click();
    const drawer = page.getByRole('dialog', { name: 'Your profile' });
    const first = drawer.locator('.interest').first();
    await first.locator('summary').click();
    await expectAccessible(page);
    expect(await first.locator('.driving a').count()).toBeGreaterThan(0);
    await first.getByRole('button', { name: 'Rename' }).click();
    await first.getByLabel('New name').fill('Words <b>and</b> meaning');
    await first.getByLabel('New name').press('Enter');
    await drawer.locator('summary', { hasText: 'Words <b>and</b> meaning' }).waitFor();
    const renamed = drawer.locator('.interest', {
      has: page.locator('summary', { hasText: 'Words <b>and</b> meaning' }),
    });
    await renamed.getByRole('button', { name: 'Mute' }).click();
    await renamed.locator('summary', { hasText: 'muted' }).waitFor();
    await renamed.getByRole('button', { name: 'Unmute' }).click();
    await renamed.getByLabel(/^Weight of/).selectOption('2');
    await expect.poll(async () => JSON.stringify(await api('/api/profile'))).toContain('"weight":2');

    await drawer.getByRole('button', { name: 'Add a topic' }).click();
    await drawer.getByLabel('Name of the topic').fill('Crashes');
    await drawer.getByRole('button', { name: 'Add the topic' }).click();
    // What says nothing is refused, and what was typed stays.
    await drawer.getByText('a topic needs something to go by').waitFor();
    expect(site.wrong().filter((text) => !text.includes('400'))).toEqual([]);
    await drawer.getByLabel('What it is about').fill('how databases recover from crashes');
    await drawer.getByRole('button', { name: 'Add the topic' }).click();
    const topic = drawer.locator('.interest', { has: page.locator('summary', { hasText: 'Crashes' }) });
    await topic.locator('summary').click();
    await topic.getByRole('button', { name: 'Edit' }).click();
    await topic.getByLabel('Must not say').fill('quantum, owls');
    await topic.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => api('/api/topics'))
      .toMatchObject({ topics: [{ name: 'Crashes', exclude: ['quantum', 'owls'] }] });
    await topic.getByRole('button', { name: 'Remove', exact: true }).click();
    await topic.getByRole('button', { name: 'Remove it' }).click();
    await topic.waitFor({ state: 'detached' });

    await drawer.getByLabel('Name, word or phrase').fill('A. Nonymous');
    await drawer.getByRole('button', { name: 'Hide' }).click();
    await drawer.getByRole('button', { name: 'Show A. Nonymous again' }).click();
    await expect.poll(() => api('/api/hidden')).toEqual({ hidden: [] });

    await drawer.getByRole('button', { name: /^Reset the profile/ }).click();
    await drawer.getByRole('button', { name: 'Keep it' }).click();
    expect((await api('/api/profile'))['interests']).not.toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(new URL(page.url()).hash).toBe('');
  });

  it('shows the mail before it is sent, sets when, and says that no mail server is set', async () => {
    await page.goto(`${site.url}/feed#subscribe`);
    const drawer = page.getByRole('dialog', { name: 'By mail or feed reader' });
    await drawer.getByText('This server has no mail server yet').waitFor();
    await drawer.getByLabel('Address').fill('ada@example.org');
    await drawer.getByRole('radio', { name: 'Weekly' }).check();
    await drawer.getByRole('button', { name: 'Fri' }).click();
    await drawer.getByLabel('Time zone').fill('Europe/Berlin');
    await drawer.getByLabel('At', { exact: true }).selectOption('18');
    await drawer.getByRole('button', { name: 'Subscribe', exact: true }).click();
    await drawer.getByText('every Friday at 18:00 (Europe/Berlin)').waitFor();
    await drawer.getByRole('button', { name: 'Preview' }).click();
    const mail = page.frameLocator('iframe[title="Preview of the mail"]');
    await mail.getByRole('heading', { name: /papers? for you/ }).waitFor();
    await drawer.getByRole('button', { name: 'Hide the preview' }).click();
    await expectAccessible(page);
    await drawer.getByRole('button', { name: 'Unsubscribe' }).click();
    await drawer.getByText('No mail is sent; it was').waitFor();
  });

  it('makes an address for readers that works, shows it once, and revokes it', async () => {
    await page.goto(`${site.url}/feed#subscribe`);
    await page.getByRole('button', { name: 'Make an address' }).click();
    const address = await page.getByLabel('Atom', { exact: true }).inputValue();
    const path = new URL(address).pathname;
    expect((await fetch(site.url + path)).status).toBe(200);
    await page.reload();
    await page.locator('.web-feed').waitFor();
    expect(await page.content()).not.toContain(path);
    await page.getByRole('button', { name: /^Revoke/ }).click();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.locator('.web-feed').waitFor({ state: 'detached' });
    expect((await fetch(site.url + path)).status).toBe(404);
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await feed();
    await expectNoOverflow(page);
    await page.goto(`${site.url}/feed#profile`);
    await page.reload();
    await page.locator('.interest').first().waitFor();
    await expectNoOverflow(page);
    await page.goto(`${site.url}/feed#start`);
    await page.reload();
    await page.locator('.question').first().waitFor();
    await expectNoOverflow(page);
  });

  it('begins anew after a reset, and takes a file whose papers are saved then', async () => {
    await fetch(`${site.url}/api/profile/reset`, { method: 'POST' });
    const bib = join(site.folder, 'my refs.bib');
    writeFileSync(
      bib,
      ['Owls', 'Voles', 'Shrews']
        .map(
          (of, at) => `@article{k${at}, title={${of} of the northern forest}, author={Ada Holm}, year={20${at + 10}}}`,
        )
        .join('\n'),
    );
    await page.goto(`${site.url}/feed`);
    await page.getByRole('heading', { name: 'A feed of your own' }).waitFor();
    await page.locator('.bring input[type=file]').setInputFiles(bib);
    await page
      .locator('.bring [data-testid="import-summary"], .bring [role=alert]')
      .first()
      .waitFor({ timeout: 50_000 });
    await page.getByText('3 papers are in your library now').waitFor();
    expect(await api('/api/library')).toMatchObject({ total: 3 });
    await page.getByRole('link', { name: 'Show my feed' }).click();
    await page.locator('.feed-item, .message').first().waitFor();
  });
});
