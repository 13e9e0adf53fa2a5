import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
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

const POLL_MS = 250;

/** `tasks`: when long tasks of the main thread began and how long they took, in ms. */
const OBSERVE = `window.vitals = { fcp: 0, lcp: 0, cls: 0, tasks: [] };
const observe = (type, read) => new PerformanceObserver((list) => list.getEntries().forEach(read)).observe({ type, buffered: true });
observe('paint', (entry) => { if (entry.name === 'first-contentful-paint') vitals.fcp = entry.startTime; });
observe('largest-contentful-paint', (entry) => { vitals.lcp = entry.startTime; });
observe('longtask', (entry) => { vitals.tasks.push([entry.startTime, entry.duration]); });
observe('layout-shift', (entry) => { if (!entry.hadRecentInput) vitals.cls += entry.value; });`;
const IS_READY = `!!document.querySelector('main h1') && !document.querySelector('[aria-busy="true"]')`;

interface Vitals {
  readonly fcp: number;
  readonly lcp: number;
  readonly cls: number;
  readonly tasks: ReadonlyArray<readonly [start: number, duration: number]>;
}

/** What tasks took past 50 ms each from a moment on, as Lighthouse adds it up from the first paint. */
const blocking = ({ tasks }: Vitals, from: number): number =>
  tasks
    .map(([start, duration]) => start + duration - Math.max(start, from) - LONG_TASK_MS)
    .filter((time) => time > 0)
    .reduce((sum, time) => sum + time, 0);

/** One load of a page with nothing cached. */
async function load(browser: Browser, url: string): Promise<Vitals> {
  const { page } = await openPage(browser, { failing: true });
  const session = await page.context().newCDPSession(page);
  // Not by Playwright's locators: the program they put into the page would itself be a long task.
  const evaluate = async (expression: string): Promise<unknown> =>
    (await session.send('Runtime.evaluate', { expression })).result.value;
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  await page.addInitScript(OBSERVE);
  await page.goto(url);
  do await setTimeout(POLL_MS);
  while ((await evaluate(IS_READY)) !== true);
  await setTimeout(QUIET_MS);
  const vitals: Vitals = JSON.parse(String(await evaluate('JSON.stringify(vitals)')));
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
      const show = (what: string, unit: string, read: (vitals: Vitals) => number): void =>
        print({ name: `web, ${name}, ${what}`, value: median(all.map(read)), unit, n: ROUNDS });
      show('largest contentful paint', 'ms', ({ lcp }) => lcp);
      show('total blocking time', 'ms', (vitals) => blocking(vitals, vitals.fcp));
      show('blocking time before the first paint, too', 'ms', (vitals) => blocking(vitals, 0));
      show('layout shift', 'score', ({ cls }) => cls);
    }
  } finally {
    await browser.close();
    await server.stop();
    folder.remove();
  }
}
