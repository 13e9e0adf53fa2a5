import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launch, openPage } from '../support/browser.ts';
import { temporaryFolder } from '../support/cli.ts';
import { NOTE_DRAWING, withMap } from '../support/invented-map.ts';
import { serve } from '../support/server.ts';
import { median, print, quantile, say } from './machine.ts';

/** The sizes that the page is made for: a large library of one field, and all papers of arXiv's computer science. */
const SIZES = [20_000, 250_000];
const ROUNDS = 4;
const FRAMES = 60;
/** Everything is drawn again by then. */
const REST_MS = 600;

/**
 * Runs in the page: moves the pointer that is down, or turns the wheel, once a frame, and notes how long each frame took. A
 * browser holds the next frame back until one before it is drawn, so what is noted has the drawing in it.
 */
const gesture = (kind: Kind): string => `new Promise((done) => {
  const canvas = document.querySelector('.map-canvas');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const at = { bubbles: true, cancelable: true, pointerId: 1, pointerType: 'mouse', clientX: left + width / 2, clientY: top + height / 2 };
  const took = [];
  let before = 0;
  window.calls.length = 0;
  const frame = (now) => {
    if (before > 0) took.push(now - before);
    before = now;
    const turn = (2 * Math.PI * took.length) / ${FRAMES};
    if (took.length < ${FRAMES}) {
      if ('${kind}' === 'pan') canvas.dispatchEvent(new PointerEvent('pointermove',
        { ...at, clientX: at.clientX + 150 * Math.sin(turn), clientY: at.clientY + 100 * (1 - Math.cos(turn)) }));
      else canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: took.length < ${FRAMES} / 2 ? -16 : 16 }));
      return requestAnimationFrame(frame);
    }
    const last = performance.now();
    setTimeout(() => {
      const most = Math.max(...window.calls.map(({ count }) => count));
      const large = window.calls.filter(({ count }) => count > 100);
      const moving = large.filter(({ at }) => at <= last).map(({ count }) => count);
      const whole = large.find(({ at, count }) => at > last && count === most);
      done({ took, moving, restMs: whole ? whole.at - last : 0 });
    }, ${REST_MS});
  };
  requestAnimationFrame(frame);
})`;

type Kind = 'pan' | 'zoom';

interface Moved {
  readonly took: readonly number[];
  /** Points drawn in each frame. */
  readonly moving: readonly number[];
  /** From the last movement until all are drawn; 0 where all were. */
  readonly restMs: number;
}

async function moved(page: Page, kind: Kind): Promise<Moved> {
  const box = await page.locator('.map-canvas').boundingBox();
  if (!box) throw new Error('the map is not on the page');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  if (kind === 'pan') await page.mouse.down();
  const result = await page.evaluate<Moved>(gesture(kind));
  if (kind === 'pan') await page.mouse.up();
  return result;
}

async function benchSize(browser: Browser, url: string, size: number): Promise<void> {
  const { page } = await openPage(browser, { failing: true });
  await page.addInitScript(NOTE_DRAWING);
  await withMap(page, size);
  await page.goto(`${url}/map`);
  await page.locator('.map-name').first().waitFor();
  await page.waitForTimeout(REST_MS);
  for (const kind of ['pan', 'zoom'] as const) {
    const all: Moved[] = [];
    for (let round = 0; round < ROUNDS; round += 1) all.push(await moved(page, kind));
    const name = `map, ${size} points, ${kind}`;
    const frames = all.flatMap(({ took }) => took);
    say(`${name}: ${frames.map(Math.round).join(' ')}`);
    print({ name: `${name}, frame, p50`, value: quantile(frames, 0.5), unit: 'ms', n: frames.length });
    print({ name: `${name}, frame, p95`, value: quantile(frames, 0.95), unit: 'ms', n: frames.length });
    const drawn = all.flatMap(({ moving }) => moving);
    print({ name: `${name}, points drawn while moving, p50`, value: median(drawn), unit: 'points', n: drawn.length });
    const rests = all.map(({ restMs }) => restMs);
    print({ name: `${name}, all drawn again after, longest`, value: Math.max(...rests), unit: 'ms', n: ROUNDS });
  }
  await page.context().close();
}

/** Frames of the map while it is moved, drawn by the processor: the least that a browser has. */
export async function benchMap(): Promise<void> {
  if (!hasChromium) throw new Error('this benchmark draws in /usr/bin/chromium, which is not there');
  const folder = temporaryFolder();
  const server = await serve(['--workspace', join(folder.path, 'index'), '--with-sample', '--quiet']);
  const browser = await launch({ webGl: true });
  try {
    for (const size of SIZES) await benchSize(browser, server.url, size);
  } finally {
    await browser.close();
    await server.stop();
    folder.remove();
  }
}
