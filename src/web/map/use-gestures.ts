import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';
import { type Ground, type Look, type MapView, panned, type Point, zoomed } from './view.ts';

/** Pixels that a pointer may move and still have pressed, not dragged. */
const STILL_PX = 5;
/** A line of a mouse wheel, in the pixels that other devices count. */
const WHEEL_LINE_PX = 16;
const WHEEL_PX_PER_ZOOM = 240;
const KEY_PAN_PX = 80;
const KEY_ZOOM = 0.5;

export interface Gestures {
  readonly ground: () => Ground;
  readonly view: () => MapView;
  readonly lookAt: (look: Look) => void;
  /** A point under the mouse; `undefined` when it leaves. */
  readonly onHover: (at: Point | undefined) => void;
  readonly onPress: (at: Point, by: 'mouse' | 'touch') => void;
  /** Whether dragging draws a line around points instead of moving the map. */
  readonly lasso: boolean;
  readonly onLasso: (line: readonly Point[], done: boolean) => void;
}

/** What is looked at after a key, `undefined` for a key that the map has no use for. */
function lookAfterKey(key: string, view: MapView, ground: Ground): Look | undefined {
  const middle = { x: ground.size.width / 2, y: ground.size.height / 2 };
  switch (key) {
    case 'ArrowLeft':
      return panned(view, ground, { x: KEY_PAN_PX, y: 0 });
    case 'ArrowRight':
      return panned(view, ground, { x: -KEY_PAN_PX, y: 0 });
    case 'ArrowUp':
      return panned(view, ground, { x: 0, y: KEY_PAN_PX });
    case 'ArrowDown':
      return panned(view, ground, { x: 0, y: -KEY_PAN_PX });
    case '+':
    case '=':
      return zoomed(view, ground, KEY_ZOOM, middle);
    case '-':
      return zoomed(view, ground, -KEY_ZOOM, middle);
    case '0':
      return 'whole';
    default:
      return undefined;
  }
}

/** Mouse, touch, wheel and keys on the element that holds the map. */
export function useGestures(element: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const pointers = useRef(new Map<number, Point>());
  const travelled = useRef(0);
  const line = useRef<Point[]>([]);

  const placeOf = useEffectEvent((event: MouseEvent): Point => {
    const { left = 0, top = 0 } = element.current?.getBoundingClientRect() ?? {};
    return { x: event.clientX - left, y: event.clientY - top };
  });
  const down = useEffectEvent((event: PointerEvent): void => {
    if (event.button !== 0) return;
    element.current?.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, placeOf(event));
    if (pointers.current.size > 1) {
      if (line.current.length > 0) gestures.onLasso([], true);
      line.current = [];
      return;
    }
    travelled.current = 0;
    line.current = gestures.lasso || event.shiftKey ? [placeOf(event)] : [];
  });
  /** Two fingers: the map follows their middle and their distance. */
  const pinched = useEffectEvent((before: Point, at: Point, other: Point): MapView => {
    const ground = gestures.ground();
    const distance = (a: Point): number => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    const moved = panned(gestures.view(), ground, { x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 });
    return zoomed(moved, ground, Math.log2(distance(at) / distance(before)), middle);
  });
  const move = useEffectEvent((event: PointerEvent): void => {
    const at = placeOf(event);
    const before = pointers.current.get(event.pointerId);
    if (!before) {
      if (event.pointerType === 'mouse') gestures.onHover(at);
      return;
    }
    pointers.current.set(event.pointerId, at);
    const moved = { x: at.x - before.x, y: at.y - before.y };
    travelled.current += Math.hypot(moved.x, moved.y);
    const [other] = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    if (other) gestures.lookAt(pinched(before, at, other));
    else if (line.current.length > 0) {
      line.current.push(at);
      gestures.onLasso(line.current, false);
    } else if (travelled.current > STILL_PX) {
      gestures.onHover(undefined);
      gestures.lookAt(panned(gestures.view(), gestures.ground(), moved));
    }
  });
  const up = useEffectEvent((event: PointerEvent): void => {
    if (!pointers.current.delete(event.pointerId) || pointers.current.size > 0) return;
    const drawn = line.current;
    line.current = [];
    if (drawn.length > 0) gestures.onLasso(drawn, true);
    else if (event.type === 'pointerup' && travelled.current <= STILL_PX) {
      gestures.onPress(placeOf(event), event.pointerType === 'mouse' ? 'mouse' : 'touch');
    }
  });
  const wheel = useEffectEvent((event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_LINE_PX;
    gestures.lookAt(zoomed(gestures.view(), gestures.ground(), -pixels / WHEEL_PX_PER_ZOOM, placeOf(event)));
  });
  const key = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = lookAfterKey(event.key, gestures.view(), gestures.ground());
    if (!next) return;
    event.preventDefault();
    gestures.lookAt(next);
  });
  const leave = useEffectEvent((): void => gestures.onHover(undefined));

  useEffect(() => {
    const holder = element.current;
    if (!holder) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    holder.addEventListener('pointerdown', (event) => down(event), { signal });
    holder.addEventListener('pointermove', (event) => move(event), { signal });
    holder.addEventListener('pointerup', (event) => up(event), { signal });
    holder.addEventListener('pointercancel', (event) => up(event), { signal });
    holder.addEventListener('pointerleave', () => leave(), { signal });
    holder.addEventListener('keydown', (event) => key(event), { signal });
    // Not passive: the wheel brings the map nearer and does not move the page.
    holder.addEventListener('wheel', (event) => wheel(event), { signal, passive: false });
    return () => stop.abort();
  }, [element]);
}
