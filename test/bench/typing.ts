import type { Page } from 'playwright-core';
import { hasChromium, launch, openPage } from '../support/browser.ts';
import { serve } from '../support/server.ts';
import { needShared, PAPERS20K, queries, workspaceOf } from './collections.ts';
import { print, quantile, say } from './machine.ts';

/** Texts typed, and how far: enough keys for a 95th percentile that stands. */
const TEXTS = 12;
const WARM_UP = 3;
const CHARACTERS = 40;
/** 100 words a minute, which few reach. */
const BETWEEN_KEYS_MS = 120;

/**
 * Runs in the page: notes when each key goes down, and when hits for that text, or for a longer one that came of it, have been
 * painted. A frame's callbacks run before its paint, so the time is taken in a task after it.
 */
const WATCH = `
  window.keyed = [];
  const input = document.querySelector('#query');
  const waiting = [];
  let before = '';
  input.addEventListener('input', (event) => {
    const query = input.value.trim();
    // A space after a word asks nothing new, and nothing new is painted.
    if (query !== before) waiting.push({ at: event.timeStamp, characters: query.length });
    before = query;
  });
  new MutationObserver(() => {
    const shown = document.querySelector('.hits')?.dataset.query;
    if (shown === undefined) return;
    const answered = waiting.filter(({ characters }) => characters <= shown.length);
    if (answered.length === 0) return;
    waiting.splice(0, answered.length);
    requestAnimationFrame(() => setTimeout(() => {
      for (const { at } of answered) window.keyed.push(performance.now() - at);
    }));
  }).observe(document.querySelector('#main'), { subtree: true, childList: true, attributes: true, attributeFilter: ['data-query'] });
`;

async function typed(page: Page, url: string, text: string): Promise<number[]> {
  await page.goto(url);
  await page.locator('.welcome h1').waitFor();
  await page.evaluate(WATCH);
  await page.locator('#query').pressSequentially(text, { delay: BETWEEN_KEYS_MS });
  await page.locator(`.hits[data-query=${JSON.stringify(text.trim())}]`).waitFor();
  await page.waitForTimeout(200);
  return page.evaluate<number[]>('window.keyed');
}

/** From a key to painted hits, in a real browser over a real server. */
export async function benchTyping(): Promise<void> {
  needShared();
  if (!hasChromium) throw new Error('this benchmark types into /usr/bin/chromium, which is not there');
  const workspace = await workspaceOf('papers20k', [PAPERS20K]);
  const server = await serve(['--workspace', workspace, '--quiet']);
  const browser = await launch();
  try {
    const { page } = await openPage(browser);
    const texts = queries()
      .slice(0, TEXTS)
      .map((text) => text.slice(0, CHARACTERS).trim());
    const all: number[] = [];
    for (const [i, text] of texts.entries()) {
      const times = await typed(page, server.url, text);
      say(`${text}: ${times.map(Math.round).join(' ')}`);
      if (i >= WARM_UP) all.push(...times);
    }
    for (const [label, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const) {
      const value = quantile(all, share);
      print({ name: `typing, 20,000 papers, hybrid, key to painted hits, ${label}`, value, unit: 'ms', n: all.length });
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}
