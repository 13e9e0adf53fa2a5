import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInBrowser, type Site } from '../support/browser.ts';
import { run } from '../support/cli.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';

const WORDS = ['owls', 'bees', 'foxes', 'newts', 'crabs', 'moles'];

/** A paper with the text in every field that takes one. */
const hostile = (text: string, at: number) => ({
  // An id with control characters is refused when it is imported.
  id: `evil:${at}${text.replaceAll('\0', '')}`,
  title: `About ${WORDS[at % WORDS.length]} ${text}`,
  abstract: `We watch ${WORDS[at % WORDS.length]} at night. ${text} They are found. Nothing else is known of them.`,
  authors: [text, `Ada ${text}`],
  categories: [text],
  keywords: [text],
  venue: text,
  year: 2020,
  tldr: `In short ${text}`,
  comment: text,
  url: `javascript:window.pwned=1;//${at}`,
});

/** What no text may become, in a page of this address that is otherwise as it should be. */
const intrudersOf = (url: string): string =>
  'script:not([src^="/"]), iframe, object, embed, base, form[action^="javascript" i], a[href^="javascript" i], ' +
  `link:not([href^="/"], [href^="${url}/"]), ` +
  'meta[http-equiv], style, img, video, details[ontoggle], [onload], [onerror], [onfocus], .evil';

async function importHostile({ folder, workspace }: Pick<Site, 'folder' | 'workspace'>): Promise<void> {
  const file = join(folder, `papers'"<img src=x onerror=window.pwned=1>.jsonl`);
  writeFileSync(file, HOSTILE_TEXTS.map((text, at) => JSON.stringify(hostile(text, at))).join('\n'));
  await run(['import', file, '--workspace', workspace]);
}

/** Ids of all papers, as the server knows them. */
async function idsOn({ url }: Site): Promise<string[]> {
  const exported = await (await fetch(`${url}/api/export`)).text();
  const ids = exported
    .trim()
    .split('\n')
    .map((line) => String(JSON.parse(line).id));
  expect(ids.length).toBe(HOSTILE_TEXTS.length);
  return ids;
}

/** A reader who says the texts in every way there is. */
async function sayHostile(site: Site): Promise<void> {
  const ids = await idsOn(site);
  const send = async (method: string, path: string, body: unknown) => {
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(site.url + path, init);
    expect([path, response.status, await response.text()]).toEqual([
      path,
      expect.toBeOneOf([200, 201]),
      expect.any(String),
    ]);
  };
  for (const [at, text] of HOSTILE_TEXTS.entries()) {
    const said = text.replaceAll('\0', '').slice(0, 90);
    if (at % 2 === 0) {
      await send('PUT', `/api/library/${encodeURIComponent(ids[at] ?? '')}`, { tags: [said], note: text });
    }
    if (at < 6) await send('POST', '/api/topics', { name: `${at} ${said}`, text, exclude: [`no ${said}`] });
    if (at < 6) await send('POST', '/api/hidden', { kind: 'venue', value: `somewhere ${said}` });
  }
}

const MESS = { library: importHostile, prepare: sayHostile };

describeInBrowser('hostile text in every field, on every page', MESS, (site) => {
  let page: Page;
  let dialogs: string[];
  beforeEach(async () => {
    dialogs = [];
    page = await site.open({ failing: true });
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  });

  /** Nothing ran, nothing was blocked from running, and no text became an element. */
  const expectHarmless = async (path: string): Promise<void> => {
    await page.locator('main h1, main h2').first().waitFor();
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    const pwned = await page.evaluate('window.pwned');
    const intruders = await page
      .locator(intrudersOf(site.url))
      .evaluateAll((all) => all.map(({ outerHTML }) => outerHTML));
    expect({ path, pwned, intruders, dialogs, wrong: site.wrong() }).toEqual({
      path,
      pwned: undefined,
      intruders: [],
      dialogs: [],
      wrong: [],
    });
  };

  it('as a query and as a filter', async () => {
    for (const text of HOSTILE_TEXTS) {
      for (const path of [`/?q=${encodeURIComponent(text)}`, `/?q=owls&filter=${encodeURIComponent(text)}`]) {
        await page.goto(site.url + path);
        await expectHarmless(path);
      }
    }
  });

  it('as what is typed into the query', async () => {
    await page.goto(site.url);
    for (const text of HOSTILE_TEXTS.slice(0, 8)) {
      await page.locator('#query').fill(text);
      await expectHarmless(text);
    }
  });

  it('among hits, with every fold opened', async () => {
    for (const word of WORDS) {
      const path = `/?q=${word}&k=60`;
      await page.goto(site.url + path);
      await page.locator('article[data-paper-id]').first().waitFor();
      await page
        .locator('article button[aria-expanded="false"]')
        .evaluateAll((all) => all.forEach((button) => button.dispatchEvent(new Event('click', { bubbles: true }))));
      await expectHarmless(path);
    }
  });

  it('on the page of each paper', async () => {
    for (const id of await idsOn(site)) {
      const path = `/papers/${encodeURIComponent(id)}`;
      await page.goto(site.url + path);
      await page.locator('h1').waitFor();
      await expectHarmless(path);
    }
  });

  it.each([
    '/feed',
    '/trending',
    '/library',
    '/map',
    '/settings',
    '/import',
    `/papers/${encodeURIComponent('<img src=x onerror=window.pwned=1>')}`,
  ])('on %s, with every fold and dialog opened', async (path) => {
    await page.goto(site.url + path);
    await expectHarmless(path);
    const openers = page.locator('main button[aria-expanded="false"], main button[aria-haspopup]');
    for (let at = 0; at < (await openers.count()); at += 1) {
      await openers.nth(at).evaluate((button) => button.dispatchEvent(new Event('click', { bubbles: true })));
      await expectHarmless(path);
      await page.keyboard.press('Escape');
    }
  });

  it('in the profile, by name, note, tag and topic', async () => {
    await page.goto(`${site.url}/feed`);
    await page.getByRole('link', { name: 'Your profile' }).click();
    await page.getByRole('dialog').waitFor();
    await page.getByText('0 <script>').first().waitFor();
    await expectHarmless('/feed, profile');
  });
});
