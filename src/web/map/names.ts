import type { MapRegion } from '../../domain/mod.ts';
import { levelAt, type MapView, onScreen, type Size } from './view.ts';

/** More names would hide the points. */
const MOST = 24;
const TERMS = 3;
/** A name's room in pixels: a letter's width, a line's height, and a gap around. */
const LETTER = 7.2;
const LINE = 20;
const GAP = 6;
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

export const regionName = ({ terms }: MapRegion): string => terms.slice(0, TERMS).join('\u00a0· ');

/**
 * Writes names of regions over a map, the largest first, none over another. They stand in the page for the eye alone: the
 * list beside the map says the same.
 */
export function createNames(holder: HTMLElement): {
  readonly show: (regions: readonly MapRegion[], view: MapView, size: Size) => void;
} {
  const shown = new Map<number, HTMLElement>();
  const elementOf = (region: MapRegion): HTMLElement => {
    const known = shown.get(region.id);
    if (known) return known;
    const element = document.createElement('span');
    element.className = 'map-name';
    element.textContent = regionName(region);
    holder.append(element);
    shown.set(region.id, element);
    return element;
  };
  return {
    show(regions, view, size) {
      const levels = Math.max(0, ...regions.map(({ level }) => level)) + 1;
      const level = levelAt(view.zoom, levels);
      const boxes: Box[] = [];
      const kept = new Set<number>();
      const candidates = regions.filter((region) => region.level === level && region.terms.length > 0);
      for (const region of candidates.sort((a, b) => b.papers - a.papers || a.id - b.id)) {
        if (kept.size >= MOST) break;
        const { x, y } = onScreen(view, size, region);
        const letters = regionName(region).length;
        const half = (Math.min(letters, LINE_LETTERS) * LETTER) / 2 + GAP;
        const tall = (Math.ceil(letters / LINE_LETTERS) * LINE) / 2 + GAP;
        const box = { left: x - half, right: x + half, top: y - tall, bottom: y + tall };
        const outside = box.left < 0 || box.top < 0 || box.right > size.width || box.bottom > size.height;
        if (outside || boxes.some((other) => overlap(box, other))) continue;
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
