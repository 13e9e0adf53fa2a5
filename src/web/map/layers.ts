import type { MapPoints } from '../../domain/mod.ts';
import type { Layer, Shape } from './painter.ts';
import type { Lit, LitRows } from './use-map.ts';

type Colour = Layer['colour'];

/** Of what is drawn, as the theme has them now. */
export type Colours = { readonly [name in Lit | 'all' | 'selected']: Colour };

/** What is lit, by the class that has its colour (styles/map.css), and a shape besides: not everyone tells colours apart. */
export const LIT_LOOKS: {
  readonly [lit in Lit]: { readonly name: string; readonly shape: Shape; readonly size: number };
} = {
  feed: { name: 'Your feed', shape: 'square', size: 6 },
  hits: { name: 'Search hits', shape: 'diamond', size: 9 },
  library: { name: 'Your library', shape: 'disc', size: 8 },
};

/** The colour of text in an element of this class. */
function colourOf(name: keyof Colours, opacity = 0.95): Colour {
  const probe = document.createElement('span');
  probe.className = `map-colour map-colour-${name}`;
  probe.hidden = true;
  document.body.append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return [red / 255, green / 255, blue / 255, opacity];
}

export const readColours = (): Colours => ({
  all: colourOf('all'),
  selected: colourOf('selected'),
  library: colourOf('library'),
  hits: colourOf('hits'),
  feed: colourOf('feed'),
});

const placesOf = ({ places }: MapPoints, rows: readonly number[]): Float32Array =>
  Float32Array.from(rows.flatMap((row) => [places[2 * row] ?? NaN, places[2 * row + 1] ?? NaN]));

/** Fewer points are larger, and less see-through: 250,000 lie over each other. */
function allLook(count: number): { readonly size: number; readonly opacity: number } {
  const crowded = Math.min(1, Math.max(0, Math.log10(Math.max(1, count) / 500) / 2.7));
  return { size: 5.5 - 3.9 * crowded, opacity: 0.62 - 0.27 * crowded };
}

/** What is drawn, from below to above. */
export function layersOf(
  points: MapPoints,
  lit: LitRows,
  colours: Colours,
  { unlit, selected }: { readonly unlit: ReadonlySet<string>; readonly selected: readonly number[] },
): Layer[] {
  const { size, opacity } = allLook(points.regions.length);
  const [red, green, blue] = colours.all;
  const lights = (['feed', 'hits', 'library'] as const).flatMap((name): Layer[] => {
    const rows = lit[name];
    if (!rows || unlit.has(name)) return [];
    const { shape, size: width } = LIT_LOOKS[name];
    return [{ places: placesOf(points, rows), colour: colours[name], shape, size: width }];
  });
  return [
    // Of so few pixels nobody tells a square from a disc.
    { places: points.places, colour: [red, green, blue, opacity], shape: size > 3 ? 'disc' : 'point', size },
    { places: placesOf(points, selected), colour: colours.selected, shape: 'ring', size: 9 },
    ...lights,
  ];
}
