import type { MapRegion } from '../../domain/mod.ts';
import { colourNumbers, levelsOf, regionName } from './regions.ts';
import { levelAt, type MapView, onScreen, type Size } from './view.ts';

/** More names would hide the points. */
const MOST = 24;
/** A name's room in pixels: a letter's width, a line's height, and a gap around. */
const LETTER = 7.2;
const LINE = 20;
const GAP = 6;
/** The dot before it, with its gap. */
const DOT = 14;
/** On less there is no room for more names than one or two, unless each has one term. */
const NARROW = 480;
/** Names with more letters go on two lines. */
const LINE_LETTERS = 24;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Names stay on the map where what they name is on it. */
const inside = (middle: number, half: number, length: number): number =>
  length < 2 * half ? length / 2 : Math.min(length - half, Math.max(half, middle));

/**
 * Writes names of regions over a map, the largest first, none over another. They stand in the page for the eye alone: the
 * list beside the map says the same.
 */
export function createNames(holder: HTMLElement): {
  readonly show: (regions: readonly MapRegion[], view: MapView, size: Size) => void;
} {
  const shown = new Map<number, HTMLElement>();
  let nameOf = (region: MapRegion): string => regionName(region);
  let narrow = false;
  let known: readonly MapRegion[] = [];
  let numbers: readonly number[] = [];
  /** The regions of each level that have a name, the largest first. */
  let levels: MapRegion[][] = [];
  const learn = (regions: readonly MapRegion[], { width }: Size): void => {
    if (regions === known && narrow === width < NARROW) return;
    known = regions;
    narrow = width < NARROW;
    nameOf = (region) => regionName(region, narrow ? 1 : undefined);
    numbers = colourNumbers(regions);
    levels = Array.from({ length: levelsOf(regions) }, (_, level) =>
      regions
        .filter((region) => region.level === level && region.terms.length > 0)
        .sort((a, b) => b.papers - a.papers || a.id - b.id),
    );
    shown.clear();
    holder.replaceChildren();
  };
  const elementOf = (region: MapRegion): HTMLElement => {
    const before = shown.get(region.id);
    if (before) return before;
    const element = document.createElement('span');
    element.className = `map-name map-colour-region-${numbers[region.id] ?? 0}`;
    const text = document.createElement('span');
    text.textContent = nameOf(region);
    element.append(text);
    holder.append(element);
    shown.set(region.id, element);
    return element;
  };
  return {
    show(regions, view, size) {
      learn(regions, size);
      const boxes: Box[] = [];
      const kept = new Set<number>();
      for (const region of levels[levelAt(view.zoom, levels.length)] ?? []) {
        if (kept.size >= MOST) break;
        const at = onScreen(view, size, region);
        if (at.x < 0 || at.y < 0 || at.x > size.width || at.y > size.height) continue;
        const letters = nameOf(region).length;
        const half = (DOT + Math.min(letters, LINE_LETTERS) * LETTER) / 2 + GAP;
        const tall = (Math.ceil(letters / LINE_LETTERS) * LINE) / 2 + GAP;
        const [x, y] = [inside(at.x, half, size.width), inside(at.y, tall, size.height)];
        const box = { left: x - half, right: x + half, top: y - tall, bottom: y + tall };
        if (boxes.some((other) => overlap(box, other))) continue;
        boxes.push(box);
        kept.add(region.id);
        elementOf(region).style.transform = `translate(-50%, -50%) translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      }
      for (const [id, element] of shown) {
        if (kept.has(id)) continue;
        element.remove();
        shown.delete(id);
      }
    },
  };
}
