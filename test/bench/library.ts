import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { hasChromium, launch, openPage } from '../support/browser.ts';
import { temporaryFolder } from '../support/cli.ts';
import { importMany, saveHalf } from '../support/many-papers.ts';
import { serve } from '../support/server.ts';
import { needShared } from './collections.ts';
import { print, quantile, say } from './machine.ts';

const ROUNDS = 5;
const FRAMES = 60;
/** A quick hand on the wheel: 20 rows a frame, so that rows are always still to be fetched. */
const SCROLLED_PX = 1_100;

/** Runs in the page: scrolls once a frame and notes how long each took. A frame is held back until the one before is drawn. */
const SCROLL = `new Promise((done) => {
  const took = [];
  let before = 0;
  const frame = (now) => {
    if (before > 0) took.push(now - before);
    before = now;
    if (took.length === ${FRAMES}) return done(took);
    scrollBy({ top: ${SCROLLED_PX}, behavior: 'instant' });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

/** Runs in the page: sorts by title and resolves when other rows have been painted. */
const SORT = `new Promise((done, fail) => {
  const titles = () => [...document.querySelectorAll('tbody tr a')].slice(0, 10).map((link) => link.textContent).join();
  const before = titles();
  setTimeout(() => fail(new Error('sorting by title changed nothing')), 20_000);
  const began = performance.now();
  const watch = new MutationObserver(() => {
    if (titles() === before || titles() === '') return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  watch.observe(document.querySelector('tbody'), { subtree: true, childList: true, characterData: true });
  [...document.querySelectorAll('thead button')].find((button) => button.textContent.startsWith('Title')).click();
})`;

/** Runs in the page: how long after it was asked for the first row was there. */
const FIRST_ROW = `new Promise((done) => {
  const look = () => document.querySelector('tbody tr a') ? setTimeout(() => done(performance.now())) : requestAnimationFrame(look);
  look();
})`;

async function times(page: Page, url: string): Promise<{ first: number; sorted: number; frames: number[] }> {
  await page.goto(url);
  const first = await page.evaluate<number>(FIRST_ROW);
  const sorted = await page.evaluate<number>(SORT);
  return { first, sorted, frames: await page.evaluate<number[]>(SCROLL) };
}

/** A library of 10,000 papers as a table in a real browser. */
export async function benchLibrary(): Promise<void> {
  needShared();
  if (!hasChromium) throw new Error('this benchmark scrolls in /usr/bin/chromium, which is not there');
  const folder = temporaryFolder();
  const site = { folder: folder.path, workspace: join(folder.path, 'index') };
  await importMany(site);
  await saveHalf(site);
  const server = await serve(['--workspace', site.workspace, '--quiet']);
  const browser = await launch();
  try {
    const { page } = await openPage(browser);
    const url = `${server.url}/library`;
    await times(page, url);
    const all = [];
    for (let round = 0; round < ROUNDS; round += 1) all.push(await times(page, url));
    const show = (what: string, values: readonly number[], share: number): void =>
      print({ name: `library of 10,000, ${what}`, value: quantile(values, share), unit: 'ms', n: values.length });
    const frames = all.flatMap((one) => one.frames);
    say(`frames: ${frames.map(Math.round).join(' ')}`);
    show(
      'load to first row, median',
      all.map(({ first }) => first),
      0.5,
    );
    show(
      'sorted by another column, median',
      all.map(({ sorted }) => sorted),
      0.5,
    );
    show('frame while scrolled, p50', frames, 0.5);
    show('frame while scrolled, p95', frames, 0.95);
  } finally {
    await browser.close();
    await server.stop();
    folder.remove();
  }
}
