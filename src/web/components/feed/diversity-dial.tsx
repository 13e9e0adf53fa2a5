import { useEffect, useId, useRef, useState, type ReactElement } from 'react';

/** Dragging passes many values; the feed is made for the one it stops at. */
const SETTLES_MS = 400;
const STEP = 0.1;

const words = (diversity: number): string =>
  diversity < 0.15 ? 'the best, however alike' : diversity > 0.75 ? 'as different as can be' : 'some variety';

/** How varied the feed is. */
export function DiversityDial({
  diversity,
  onDiversity,
}: {
  readonly diversity: number | undefined;
  readonly onDiversity: (diversity: number) => void;
}): ReactElement {
  const id = useId();
  const [moved, setMoved] = useState<number>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const value = moved ?? diversity ?? 0;
  const move = (to: number): void => {
    setMoved(to);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      onDiversity(to);
      setMoved(undefined);
    }, SETTLES_MS);
  };
  return (
    <div className="dial">
      <label htmlFor={id}>Variety</label>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step={STEP}
        value={value}
        disabled={diversity === undefined}
        aria-valuetext={`${Math.round(100 * value)} %, ${words(value)}`}
        onChange={(event) => move(Number(event.target.value))}
      />
      <div className="dial-ends" aria-hidden="true">
        <span>Best first</span>
        <span>Most varied</span>
      </div>
    </div>
  );
}
