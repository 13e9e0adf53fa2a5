import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow, type Site } from '../support/browser.ts';
import { lastJson, run } from '../support/cli.ts';

const ABSTRACT =
  'We measure how tides move sand along a coast over forty years and find that storms, not tides, decide where it goes.';
// Other authors, and years apart: importing does not see that they are one.
const TIDES = [
  { id: '10.5555/tides.1', author: 'Holm, Ada', year: 2011 },
  { id: '10.5555/tides.2', author: 'Lind, Bo', year: 2018 },
]
  .map(
    ({ id, author, year }) =>
      `@article{t${year}, title={How tides move sand}, author={${author}}, year={${year}}, doi={${id}}, abstract={${ABSTRACT}}}\n`,
  )
  .join('');

/** As a file manager does it. */
async function dropOn(page: Page, name: string, text: string): Promise<void> {
  const files = await page.evaluateHandle(
    `(() => { const held = new DataTransfer(); held.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)})); return held; })()`,
  );
  await page.dispatchEvent('.library-page', 'drop', { dataTransfer: files });
}

/** All 180 papers of the sample. */
async function saveAll({ workspace }: Site): Promise<void> {
  const finished = await run(['save', 'sample/papers.jsonl', '--workspace', workspace, '--json']);
  expect(lastJson(finished)).toMatchObject({ saved: 180 });
}

describeInBrowser('the library in a browser', { prepare: saveAll }, (site) => {
  let page: Page;
  beforeEach(async () => {
    page = await site.open();
    await page.goto(`${site.url}/library?sort=title&order=asc`);
    await rows().first().waitFor();
  });

  const rows = () => page.locator('tbody tr').filter({ has: page.getByRole('checkbox') });
  const count = () => page.locator('.library-count');
  const titled = (title: string) => rows().filter({ hasText: title });
  const readingIn = async (shown: Locator): Promise<number> =>
    (await shown.getByLabel('Reading state of').evaluateAll((all) => all.map((one) => Object(one).value))).filter(
      (state) => state === 'reading',
    ).length;
  const file = (name: string, text: string): string => {
    const path = join(site.folder, name);
    writeFileSync(path, text);
    return path;
  };
  const tides = async (): Promise<readonly { readonly id: string }[]> => {
    const response = await fetch(`${site.url}/api/library?form=row&text=tides+move`);
    const { papers }: { papers: readonly { readonly id: string }[] } = JSON.parse(await response.text());
    return papers;
  };
  const box = (title: string) => titled(title).getByRole('checkbox');

  it('draws the rows near the window only, and finds, sorts and narrows with all of it in the address', async () => {
    expect(await page.getByRole('table', { name: 'Saved papers' }).getAttribute('aria-rowcount')).toBe('181');
    expect(await rows().count()).toBeLessThan(60);
    await page.getByLabel('Find in the library').fill('vaswani atten');
    await count().filter({ hasText: '1 of 180 papers' }).waitFor();
    expect(new URL(page.url()).searchParams.get('text')).toBe('vaswani atten');
    await titled('Attention Is All You Need').waitFor();
    await page.getByLabel('Find in the library').fill('');
    await count()
      .filter({ hasText: /^180 papers$/ })
      .waitFor();
    await page.getByRole('button', { name: 'Year' }).click();
    await page.getByRole('columnheader', { name: 'Year' }).and(page.locator('[aria-sort="descending"]')).waitFor();
    await page.goBack();
    await page.getByRole('columnheader', { name: 'Title' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
  });

  it('changes tags, state and note where they stand', async () => {
    await page.getByLabel('Find in the library').fill('vaswani atten');
    await page.getByRole('button', { name: 'Edit tags of Attention Is All You Need' }).click();
    await page.getByLabel('tags of Attention Is All You Need').fill('thesis, to cite');
    await page.keyboard.press('Enter');
    await titled('Attention').locator('.chip', { hasText: 'to cite' }).waitFor();
    await page.getByRole('button', { name: 'Edit note of Attention' }).click();
    await page.getByLabel('note of Attention').fill('nothing of this');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Edit note of Attention' }).click();
    await page.getByLabel('note of Attention').fill('<b>section</b> 3');
    await page.keyboard.press('Enter');
    const answered = page.waitForResponse((response) => response.request().postData()?.includes('"read"') ?? false);
    await page.getByLabel('Reading state of Attention').selectOption('read');
    await answered;
    await page.reload();
    await titled('Attention').getByText('<b>section</b> 3').waitFor();
    expect(await page.getByLabel('Reading state of Attention').inputValue()).toBe('read');
    await page.getByLabel('Tag', { exact: true }).selectOption('thesis');
    await count().filter({ hasText: '1 of 180 papers' }).waitFor();
  });

  it('asks before it is left with a change that is still on its way', async () => {
    let go: () => void = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/api/library/*', async (route) => {
      if (route.request().method() === 'PUT') await held;
      await route.continue();
    });
    await page.getByLabel('Find in the library').click();
    await page.getByLabel('Find in the library').fill('vaswani atten');
    await page.getByLabel('Reading state of Attention').selectOption('reading');
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    const answered = page.waitForResponse((response) => response.request().method() === 'PUT');
    go();
    expect((await answered).ok()).toBe(true);
    const gone = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await gone;
  });

  it('chooses ranges by mouse and keyboard, also of rows that were never drawn', async () => {
    const boxes = page.locator('tbody input[type=checkbox]');
    const chosen = page.locator('.bulk-count');
    await boxes.nth(1).click();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    await chosen.filter({ hasText: '4 chosen' }).waitFor();
    await page.keyboard.press('Shift+ArrowDown');
    await chosen.filter({ hasText: '5 chosen' }).waitFor();
    await page.keyboard.press('Shift+End');
    await chosen.filter({ hasText: '179 chosen' }).waitFor();
    await page.locator('tr[aria-rowindex="181"] input:focus').waitFor();
    await page.keyboard.press('Control+a');
    await chosen.filter({ hasText: '180 chosen' }).waitFor();
    await page.getByRole('button', { name: 'Choose none' }).click();
    await chosen.waitFor({ state: 'detached' });
    expect(await page.locator('.library-chosen').count()).toBe(0);
  });

  it('tags, exports and removes what is chosen, and brings back what was removed as it was', async () => {
    await page.getByLabel('Find in the library').fill('deep');
    await count().filter({ hasText: 'of 180' }).waitFor();
    const deep = Number((await count().textContent())?.split(' ')[0]);
    expect(deep).toBeGreaterThan(2);
    await rows().first().getByRole('checkbox').focus();
    await page.keyboard.press('Control+a');
    await page.getByLabel('A tag for the chosen papers').fill('depth');
    await page.keyboard.press('Enter');
    await page.getByText(`Tagged “depth”: ${deep} papers`).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await rows().locator('.chip', { hasText: 'depth' }).first().waitFor({ state: 'detached' });
    await page.getByLabel('Set the reading state of the chosen papers').selectOption('reading');
    await page.getByText(`Reading: ${deep} papers`).waitFor();
    expect(await readingIn(rows())).toBe(deep);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(() => readingIn(rows())).toBe(0);
    await page.getByLabel('A tag for the chosen papers').fill('depth');
    await page.keyboard.press('Enter');
    await page.getByText(`Tagged “depth”: ${deep} papers`).waitFor();
    const download = page.waitForEvent('download');
    await page.getByLabel('Export the chosen papers').selectOption('bibtex');
    expect((await download).suggestedFilename()).toBe('library.bib');
    expect(readFileSync(await (await download).path(), 'utf8').match(/^@/gm)).toHaveLength(deep);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText(`${deep} papers taken out of the library`).waitFor();
    await page.getByText('No saved paper is like that').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await rows()
      .nth(deep - 1)
      .waitFor();
    expect(await rows().locator('.chip', { hasText: 'depth' }).count()).toBe(deep);
  });

  it('imports files that are chosen or dropped on it, saves their papers, and says what came of them', async () => {
    await page.getByLabel('Import files').setInputFiles(file('tides.bib', TIDES));
    await page.getByText('2 papers are in your library now').waitFor();
    await count()
      .filter({ hasText: /^182 papers$/ })
      .waitFor();
    const entry = page.locator('.import-entry', { hasText: 'tides.bib' });
    expect(await entry.getByTestId('import-summary').textContent()).toContain('added2');
    await dropOn(
      page,
      'owls.ris',
      'TY  - JOUR\nTI  - Owls over the harbour at dusk\nAU  - Quill, Edda\nPY  - 2019\nER  - \n',
    );
    await page.getByText('1 paper is in your library now').waitFor();
    expect(new URL(page.url()).pathname).toBe('/library');
    await page.getByLabel('Find in the library').fill('owls over harbour');
    await titled('Owls over the harbour').waitFor();
    await page.getByRole('button', { name: 'Hide' }).click();
    await entry.waitFor({ state: 'detached' });
  });

  it('shows saved papers that may be one side by side, settles them, and takes that back', async () => {
    await run(['save', file('tides.bib', TIDES), '--workspace', site.workspace]);
    await page.reload();
    await page.getByRole('button', { name: /possible duplicate/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Possible duplicates' });
    const sides = dialog.getByRole('article');
    await sides.filter({ hasText: 'DOI:10.5555/tides.2' }).waitFor();
    expect(await sides.count()).toBe(2);
    await expectAccessible(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoOverflow(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    await dialog.getByRole('button', { name: 'The same: keep this one, DOI:10.5555/tides.2' }).click();
    await dialog.getByText('They are one paper now').waitFor();
    await dialog.getByText('Nothing is left to look at').waitFor();
    await expect.poll(async () => (await tides()).map(({ id }) => id)).toEqual(['DOI:10.5555/tides.2']);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await tides()).length).toBe(2);
    await dialog.getByRole('button', { name: 'They are different' }).click();
    await dialog.getByText('They stay two papers').waitFor();
    await dialog.getByRole('button', { name: 'Back to the library' }).click();
    await page.reload();
    await rows().first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByRole('button', { name: /possible duplicate/ }).count()).toBe(0);
  });

  it('is accessible in both themes, and fits 320 px', async () => {
    await box('Attention Is All You Need').or(rows().first().getByRole('checkbox')).first().check();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoOverflow(page);
  });
});
