import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow } from '../support/browser.ts';

const ATTENTION = 'arXiv:1706.03762';
const SMALL_SCREEN = { width: 360, height: 740 };

describeInBrowser('the page of a paper', {}, (site) => {
  let page: Page;
  beforeEach(async () => {
    page = await site.open({ permissions: ['clipboard-read', 'clipboard-write'], failing: true });
  });

  const address = (id = ATTENTION): string => `${site.url}/papers/${encodeURIComponent(id)}`;
  const kin = () => page.locator('.kin article[data-paper-id]');
  const kinIds = () => kin().evaluateAll((all) => all.map((one) => one.getAttribute('data-paper-id')));
  const open = async (id?: string): Promise<void> => {
    await page.goto(address(id));
    await kin().first().waitFor();
  };
  const textOf = async (path: string): Promise<string> => (await fetch(site.url + path)).text();
  const saved = async (): Promise<unknown> => {
    const body: { saved?: unknown } = JSON.parse(await textOf(`/api/library/${ATTENTION}`));
    return body.saved;
  };
  const tray = () => page.getByRole('region', { name: 'Tray' });
  const settled = () => page.locator('.kin[aria-busy="false"]').waitFor();

  it('copies the citation by key and by button, in the words of the server', async () => {
    await open();
    await page.keyboard.press('c');
    await page.getByText('BibTeX copied').waitFor();
    const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
    expect(await copied()).toBe(await textOf(`/api/papers/${ATTENTION}?format=bibtex`));
    for (const [name, begins] of [
      ['RIS', 'TY  - '],
      ['CSL-JSON', '[\n'],
    ] as const) {
      await page.getByRole('button', { name: `Copy ${name}` }).click();
      await page.getByText(`${name} copied`).waitFor();
      expect((await copied()).startsWith(begins)).toBe(true);
    }
  });

  it('shows the citation, selected, where the clipboard is closed', async () => {
    await page.addInitScript(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`);
    await open();
    await page.getByRole('button', { name: 'Copy BibTeX' }).click();
    await page.getByText('press Ctrl+C').waitFor();
    expect(await page.evaluate('String(getSelection())')).toContain('@inproceedings{vaswani2017attention,');
    await expectAccessible(page);
  });

  it('leads from an author to what that author wrote', async () => {
    await open();
    await page.getByRole('list', { name: 'Authors' }).getByRole('link', { name: 'Ashish Vaswani' }).click();
    await page.locator(`article[data-paper-id="${ATTENTION}"]`).waitFor();
    expect(new URL(page.url()).searchParams.get('filter')).toBe('author:"Ashish Vaswani"');
    await page.goBack();
    await page.locator('h1', { hasText: 'Attention Is All You Need' }).waitFor();
  });

  it('shows kin by facet with the sentences that are alike, and keeps the facet in the address', async () => {
    await open();
    const pair = kin().first().locator('.pair dd');
    await pair.first().waitFor();
    expect(await pair.count()).toBe(2);
    const own = (await page.locator('.whole-abstract').innerText()).replace(/\s+/g, ' ');
    const [mine = ''] = await page.locator('.kin article .pair div:first-child > dd').allInnerTexts();
    expect(own).toContain(mine.replace(/\s+/g, ' ').slice(0, 20));
    const whole = await kinIds();
    await page.getByRole('radio', { name: 'Method' }).check();
    await page.waitForURL('**?facet=method');
    await settled();
    await expect.poll(kinIds).not.toEqual(whole);
    await page.reload();
    await kin().first().waitFor();
    expect(await page.getByRole('radio', { name: 'Method' }).isChecked()).toBe(true);
    await expectAccessible(page);
  });

  it('collects papers in a tray that re-ranks, walks along, survives a reload and empties with a way back', async () => {
    await open();
    const before = await kinIds();
    await kin().nth(1).getByRole('button', { name: 'More like this' }).click();
    await kin().nth(2).getByRole('button', { name: 'Not like this' }).click();
    await tray().getByRole('list', { name: 'Not like' }).getByRole('link').waitFor();
    await page.getByText('steered by the tray').waitFor();
    expect(await kinIds()).not.toEqual(before);
    expect(await tray().getByRole('listitem').count()).toBe(2);
    await tray().getByRole('list', { name: 'More like' }).getByRole('link').click();
    await page.waitForURL((url) => !url.pathname.includes('1706.03762'));
    await kin().first().waitFor();
    expect(await tray().getByRole('listitem').count()).toBe(2);
    await page.reload();
    await kin().first().waitFor();
    expect(await tray().getByRole('listitem').count()).toBe(2);
    await expectAccessible(page);
    await tray().getByRole('button', { name: 'Empty' }).click();
    await expect.poll(() => tray().getByRole('listitem').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => tray().getByRole('listitem').count()).toBe(2);
    await tray().getByRole('button', { name: 'Take out' }).first().click();
    await expect.poll(() => tray().getByRole('listitem').count()).toBe(1);
  });

  it('opens a search for papers like those of the tray', async () => {
    await open();
    await tray().getByRole('button', { name: 'Add this paper' }).click();
    await kin().nth(2).getByRole('button', { name: 'Not like this' }).click();
    const unwanted = await tray().getByRole('list', { name: 'Not like' }).getByRole('link').getAttribute('href');
    await tray().getByRole('link', { name: 'Open in search' }).click();
    await page.locator('main article[data-paper-id]').first().waitFor();
    expect(new URL(page.url()).searchParams.get('like')).toBe(`id:${ATTENTION}`);
    expect(new URL(page.url()).searchParams.get('unlike')).toContain(
      decodeURIComponent(unwanted?.split('/').at(-1) ?? '?'),
    );
    await page.getByText('not like those of').waitFor();
    expect(await page.locator(`article[data-paper-id="${ATTENTION}"]`).count()).toBe(0);
  });

  it('makes a topic of the tray, and takes it back', async () => {
    await open();
    await tray().getByRole('button', { name: 'Add this paper' }).click();
    await tray().getByRole('button', { name: 'Save as topic' }).click();
    await page.getByLabel('Name of the topic').fill('Attention');
    await page.keyboard.press('Enter');
    await page.getByText('Topic made: Attention').waitFor();
    const topics = async () => {
      const body: { topics?: { name: string; papers: { id: string }[] }[] } = JSON.parse(await textOf('/api/topics'));
      return body.topics?.map(({ name, papers }) => [name, ...papers.map(({ id }) => id)]);
    };
    expect(await topics()).toEqual([['Attention', ATTENTION]]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(topics).toEqual([]);
  });

  it('saves and dismisses by key, and brings tags and note back with a paper that was taken out', async () => {
    await open();
    await page.keyboard.press('s');
    await page.getByText('Saved: Attention').waitFor();
    await page.getByLabel('Note').fill('Read section 3 again.');
    await page.getByLabel('Tags', { exact: true }).fill('thesis');
    await page.getByText('Note saved').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Tagged: thesis').waitFor();
    await page.getByRole('radio', { name: 'Reading' }).click();
    await page.getByText('Marked: reading').waitFor();
    const kept = { state: 'reading', tags: ['thesis'], note: 'Read section 3 again.' };
    expect(await saved()).toMatchObject(kept);
    await expectAccessible(page);
    await page.locator('h1').click();
    await page.keyboard.press('s');
    await page.getByText('No longer saved').waitFor();
    expect(await saved()).toBeNull();
    await page.locator('.toast', { hasText: 'No longer saved' }).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(saved).toMatchObject(kept);
    expect(await page.getByLabel('Note').inputValue()).toBe(kept.note);
    await page.keyboard.press('x');
    await page.locator('.paper').getByRole('button', { name: 'Dismiss', pressed: true }).waitFor();
    await page.getByRole('button', { name: 'Not this kind' }).click();
    await page.locator('.paper').getByRole('button', { name: 'Not this kind', pressed: true }).waitFor();
    await page.getByRole('button', { name: 'Not this kind' }).click();
    await page.getByText('Taken back').waitFor();
  });

  it('takes a note back, and loses none while the server is gone', async () => {
    await fetch(`${site.url}/api/library/${ATTENTION}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ note: 'First thoughts.' }),
    });
    await open();
    const note = page.getByLabel('Note');
    await note.fill('Second thoughts.');
    await note.blur();
    await page.locator('.toast', { hasText: 'Note saved' }).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => note.inputValue()).toBe('First thoughts.');
    await expect.poll(saved).toMatchObject({ note: 'First thoughts.' });

    await page.route('**/api/library/**', (route) => route.abort());
    await note.fill('Third thoughts.');
    await note.blur();
    await page.getByText('Paperkin does not answer').first().waitFor();
    expect(await note.inputValue()).toBe('Third thoughts.');
    await page.unroute('**/api/library/**');
    await page.reload();
    await kin().first().waitFor();
    expect(await note.inputValue()).toBe('Third thoughts.');
    await page.getByText('Not saved yet').waitFor();
    await note.focus();
    await page.goBack().catch(() => undefined);
    await expect.poll(saved).toMatchObject({ note: 'First thoughts.' });
    await page.goto(address());
    await note.focus();
    await note.blur();
    await expect.poll(saved).toMatchObject({ note: 'Third thoughts.' });
  });

  it('saves a note that is left by a link', async () => {
    await open();
    await page.getByLabel('Note').fill('Left in haste.');
    await kin().first().locator('.hit-title a').click();
    await expect.poll(saved).toMatchObject({ note: 'Left in haste.' });
  });

  it('shows everything but the kin while these fail or are slow, and tries again', async () => {
    await page.route('**/related*', (route) => route.fulfill({ status: 500, body: 'no' }));
    await page.goto(address());
    await page.locator('.kin').getByRole('button', { name: 'Try again' }).waitFor();
    await page.keyboard.press('c');
    await page.getByText('BibTeX copied').waitFor();
    await page.getByLabel('Note').waitFor();
    await expectAccessible(page);
    await page.unroute('**/related*');
    let goOn = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route('**/related*', async (route) => {
      await slow;
      await route.continue();
    });
    await page.locator('.kin').getByRole('button', { name: 'Try again' }).click();
    await page.locator('.whole-abstract').waitFor();
    expect(await kin().count()).toBe(0);
    goOn();
    await kin().first().waitFor();
    // With a list on the screen a failure leaves it there.
    await page.unroute('**/related*');
    await page.route('**/related*', (route) => route.fulfill({ status: 500, body: 'no' }));
    await kin().first().getByRole('button', { name: 'More like this' }).click();
    await page.locator('.kin').getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute('**/related*');
    await page.locator('.kin').getByRole('button', { name: 'Try again' }).click();
    await page.getByText('steered by the tray').waitFor();
  });

  it('prints the paper with its note and nothing of the program, in ink on paper', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await open();
    await kin().first().getByRole('button', { name: 'More like this' }).click();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const shown of ['h1', '.author-list', '.whole-abstract', '.facts', '.note-print']) {
      expect(await page.locator(shown).isVisible()).toBe(true);
    }
    for (const hidden of ['.page-header', '.page-footer', '.kin', '.tray', '.paper-actions', '.kept textarea']) {
      expect(await page.locator(hidden).first().isVisible()).toBe(false);
    }
    const ground = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(ground).toBe('rgb(255, 255, 255)');
  });

  it('fits a phone with a full tray', async () => {
    await page.setViewportSize(SMALL_SCREEN);
    await open();
    for (let at = 0; at < 4; at += 1) {
      const button = kin()
        .nth(at)
        .getByRole('button', { name: at % 2 === 0 ? 'More like this' : 'Not like this' });
      await button.click();
      await settled();
    }
    await expectNoOverflow(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoOverflow(page);
    await expectAccessible(page);
  });
});
