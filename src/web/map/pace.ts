/** Two frames in a row that took longer: the map does not follow the hand. Frames take a whole number of a screen's 17 ms. */
const SLOW_MS = 45;
/** Two frames in a row that took less, which is one frame of a screen: there is room for more. */
const FAST_MS = 20;
const AIM_MS = 30;
const GROWTH = 1.5;
/** One frame may have waited for something else; it shows half of what it says. */
const MOST_SHRUNK = 0.5;
/** A processor alone draws so many in a frame (two cores, SwiftShader): where a page begins, before it has drawn any. */
const FIRST = 20_000;
/** Fewer gain nothing: an empty frame takes as long there, and hills begin to dissolve. */
const LEAST = 10_000;

/** How many points to draw while a map is moved, so that it follows the hand. */
export interface Pace {
  readonly points: () => number;
  /** Frames one after another while the map moved, how long each took. */
  readonly took: (frameMs: number) => void;
  /** How long it took to draw this many, when nothing moved. */
  readonly drew: (points: number, drawingMs: number) => void;
}

export function createPace(): Pace {
  let points = FIRST;
  let before: number | undefined;
  const become = (next: number): void => {
    points = Math.max(LEAST, next);
    // Frames that are under way were drawn as it was.
    before = undefined;
  };
  return {
    points: () => points,
    took(frameMs) {
      const [less, more] = [Math.min(frameMs, before ?? frameMs), Math.max(frameMs, before ?? frameMs)];
      if (before === undefined) before = frameMs;
      else if (less > SLOW_MS) become(points * Math.max(MOST_SHRUNK, AIM_MS / less));
      else if (more < FAST_MS) become(points * GROWTH);
      else before = frameMs;
    },
    drew(drawn, drawingMs) {
      if (drawingMs <= SLOW_MS) become(Math.max(points, drawn));
    },
  };
}
