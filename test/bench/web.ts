import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launch, openPage } from '../support/browser.ts';
import { temporaryFolder } from '../support/cli.ts';
import { makeReader, PAGES } from '../support/pages.ts';
import { serve } from '../support/server.ts';
import { median, print, say } from './machine.ts';

const ROUNDS = 5;
/** As Lighthouse does for a middling phone. */
const CPU_SLOWDOWN = 4;
/** What is measured ends when the page has been quiet for so long. */
const QUIET_MS = 1_500;
/** What a task on the main thread may take before it counts as blocking. */
const LONG_TASK_MS = 50;

const OBSERVE = `window.vitals = { lcp: 0, tbt: 0, cls: 0 };
const observe = (type, read) => new PerformanceObserver((list) => list.getEntries().forEach(read)).observe({ type, buffered: true });
observe('largest-contentful-paint', (entry) => { vitals.lcp = entry.startTime; });
observe('longtask', (entry) => { vitals.tbt += Math.max(0, entry.duration - ${LONG_TASK_MS}); });
observe('layout-shift', (entry) => { if (!entry.hadRecentInput) vitals.cls += entry.value; });`;

interface Vitals {
  readonly lcp: number;
  readonly tbt: number;
  readonly cls: number;
}

/** One load of a page with nothing cached. */
async function load(browser: Browser, url: string): Promise<Vitals> {
  const { page } = await openPage(browser, { failing: true });
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  await page.addInitScript(OBSERVE);
  await page.goto(url);
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(QUIET_MS);
  const vitals = await page.evaluate<Vitals>('vitals');
  await page.context().close();
  return vitals;
}

/** What Lighthouse looks at of each page, over the sample library. */
export async function benchWeb(): Promise<void> {
  const folder = temporaryFolder();
  const server = await serve(['--workspace', join(folder.path, 'index'), '--with-sample', '--quiet']);
  const browser = await launch();
  try {
    await makeReader(server);
    for (const [name, path] of Object.entries(PAGES)) {
      say(`${name}: ${ROUNDS} loads`);
      await load(browser, server.url + path);
      const all: Vitals[] = [];
      for (let round = 0; round < ROUNDS; round += 1) all.push(await load(browser, server.url + path));
      const of = { n: ROUNDS };
      print({
        name: `web, ${name}, largest contentful paint`,
        value: median(all.map(({ lcp }) => lcp)),
        unit: 'ms',
        ...of,
      });
      print({ name: `web, ${name}, total blocking time`, value: median(all.map(({ tbt }) => tbt)), unit: 'ms', ...of });
      print({ name: `web, ${name}, layout shift`, value: median(all.map(({ cls }) => cls)), unit: 'score', ...of });
    }
  } finally {
    await browser.close();
    await server.stop();
    folder.remove();
  }
}
