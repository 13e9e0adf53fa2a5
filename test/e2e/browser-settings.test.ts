import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectNoOverflow } from '../support/browser.ts';

describeInBrowser('settings in a browser', {}, (site) => {
  let page: Page;
  beforeEach(async () => {
    page = await site.open();
    await page.goto(`${site.url}/settings`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  const source = (name: string) => page.locator(`[data-source="${name}"]`);

  it('adds a source, syncs it as a job that is followed, pauses and removes it', async () => {
    mkdirSync(join(site.folder, 'mine'));
    const paper = { id: 'mine:1', title: 'Owls at night', abstract: 'How owls find prey in the dark.' };
    writeFileSync(join(site.folder, 'mine', 'papers.jsonl'), `${JSON.stringify(paper)}\n`);
    await page.getByRole('button', { name: 'Add a source' }).click();
    const form = page.getByRole('form', { name: 'Add a source' });
    await form.getByLabel('Kind').selectOption('folder');
    await form.getByLabel(/^Path/).fill(join(site.folder, 'mine'));
    await form.getByLabel(/^Name/).fill('my folder');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await source('my folder').waitFor();
    await source('my folder').getByRole('button', { name: 'Sync my folder now' }).click();
    await page.locator('[data-job-state="done"]', { hasText: 'my folder' }).first().waitFor();
    await source('my folder').getByText('Healthy').waitFor();
    // What came of it shows without asking: the sample's 180 and one.
    await page.locator('.state-facts').getByText('181').first().waitFor();
    await source('my folder').getByRole('button', { name: 'Pause my folder' }).click();
    await source('my folder').getByText('Paused').waitFor();
    await source('my folder').getByRole('button', { name: 'Remove my folder' }).click();
    await source('my folder').waitFor({ state: 'detached' });
    expect(await page.getByText('No sources yet').count()).toBe(1);
  });

  it('keeps what was typed where a source is refused, and says why', async () => {
    page = await site.open({ failing: true });
    await page.goto(`${site.url}/settings`);
    await page.getByRole('button', { name: 'Add a source' }).click();
    const form = page.getByRole('form', { name: 'Add a source' });
    await form.getByLabel('Kind').selectOption('rss');
    await form.getByLabel('Address').fill('javascript:alert(1)');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await form.getByText(/begins with http/).waitFor();
    expect(await form.getByLabel('Address').inputValue()).toBe('javascript:alert(1)');
  });

  it('has one place for a token where the one it has is refused', async () => {
    page = await site.open({ failing: true });
    await page.goto(`${site.url}/settings`);
    await page.evaluate("localStorage.setItem('paperkin.person-token', 'paperkin_of_nobody')");
    await page.reload();
    await page.getByText(/speaks for nobody.* paste a token/).waitFor();
    await page.getByText('Sign in first, under').first().waitFor();
    expect(await page.locator('input[type="password"]').count()).toBe(1);
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByText('Reading as me').waitFor();
  });

  it('adds a person with a token shown once, reads as them, and erases them by name', async () => {
    await page.getByLabel('Add somebody').fill('Ada');
    await page.getByLabel('Add somebody').press('Enter');
    const dialog = page.getByRole('dialog', { name: 'The token of Ada' });
    const token = await dialog.getByLabel('Token').inputValue();
    expect(token).toMatch(/^paperkin_/);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Erase Ada' }).click();
    const erase = page.getByRole('dialog', { name: 'Erase Ada?' });
    await erase.getByLabel(/Type the name/).fill('Bo');
    expect(await erase.getByRole('button', { name: 'Erase' }).isDisabled()).toBe(true);
    await erase.getByRole('button', { name: 'Cancel' }).click();
    await page.getByLabel(/by their token/).fill(token);
    await page.getByRole('button', { name: 'Use token' }).click();
    await page.getByText('Reading as Ada').waitFor();
    await page
      .getByText(/only me, who keeps this library/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByText('Reading as me').waitFor();
    await page.getByRole('button', { name: 'Erase Ada' }).click();
    await erase.getByLabel(/Type the name/).fill('Ada');
    await erase.getByLabel(/Type the name/).press('Enter');
    await page.getByText('Everything kept of Ada is erased').waitFor();
    // Whoever is no keeper is refused what keepers see; the console notes each refusal.
    expect(site.wrong().every((line) => line.startsWith('Failed to load resource'))).toBe(true);
  });

  it('downloads a backup', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download a backup' }).click();
    expect((await download).suggestedFilename()).toMatch(/^paperkin-[\d-]+\.zip$/);
    expect(await (await download).failure()).toBeNull();
  });

  it('is accessible in both themes, which it sets, and fits 320 px', async () => {
    await page.getByText('Nothing has run').or(page.locator('[data-job-state]')).first().waitFor();
    await page.locator('.state-facts').waitFor();
    await page.getByRole('button', { name: 'Add a source' }).click();
    for (const theme of ['Light', 'Dark']) {
      await page.getByRole('radio', { name: theme }).check();
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(theme.toLowerCase());
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoOverflow(page);
  });
});
