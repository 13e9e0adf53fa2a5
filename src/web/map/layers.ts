import type { MapPoints, MapRegion } from '../../domain/mod.ts';
import { type Layer, PALETTE_WIDTH, type Shape } from './painter.ts';
import { atLevel, colourNumbers, levelsOf, REGION_COLOURS } from './regions.ts';
import { sampleOrder } from './sample-order.ts';
import type { Lit, LitRows } from './use-map.ts';

type Colour = Layer['colour'];

/** Of what is drawn, as the theme has them now. */
export type Colours = { readonly [name in Lit | 'selected' | 'ground']: Colour } & {
  readonly regions: readonly Colour[];
};

/** What is lit, by the class that has its colour (styles/map.css), and a shape besides: not everyone tells colours apart. */
export const LIT_LOOKS: {
  readonly [lit in Lit]: { readonly name: string; readonly shape: Shape; readonly size: number };
} = {
  feed: { name: 'Your feed', shape: 'square', size: 6 },
  hits: { name: 'Search hits', shape: 'diamond', size: 9 },
  library: { name: 'Your library', shape: 'disc', size: 8 },
};

/** The colour of text in an element of this class. */
function colourOf(name: string, opacity = 0.95): Colour {
  const probe = document.createElement('span');
  probe.className = `map-colour map-colour-${name}`;
  probe.hidden = true;
  document.body.append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return [red / 255, green / 255, blue / 255, opacity];
}

export const readColours = (): Colours => ({
  ground: colourOf('ground'),
  selected: colourOf('selected'),
  library: colourOf('library'),
  hits: colourOf('hits'),
  feed: colourOf('feed'),
  regions: Array.from({ length: REGION_COLOURS }, (_, number) => colourOf(`region-${number}`)),
});

/** The points of a map as they are drawn: those that are there, in an order whose beginning stands for all. */
export interface Ordered {
  /** `[points]` */
  readonly rows: Uint32Array;
  /** `[points, 2]` */
  readonly places: Float32Array;
  /** `[points]` */
  readonly regions: Uint16Array;
}

const placesOf = ({ places }: MapPoints, rows: ArrayLike<number>): Float32Array => {
  const found = new Float32Array(2 * rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    found[2 * i] = places[2 * (rows[i] ?? 0)] ?? NaN;
    found[2 * i + 1] = places[2 * (rows[i] ?? 0) + 1] ?? NaN;
  }
  return found;
};

export function orderOf(points: MapPoints): Ordered {
  const rows = sampleOrder(points.places);
  return {
    rows,
    places: placesOf(points, rows),
    regions: Uint16Array.from(rows, (row) => points.regions[row] ?? 0),
  };
}

/** A palette for each level of names: every region in the colour of the one that is named there. */
export function palettesOf(regions: readonly MapRegion[], colours: Colours): Uint8Array[] {
  const numbers = colourNumbers(regions);
  return Array.from({ length: levelsOf(regions) }, (_, level) => {
    const palette = new Uint8Array(4 * PALETTE_WIDTH * Math.max(1, Math.ceil(regions.length / PALETTE_WIDTH)));
    for (const [id, named] of atLevel(regions, level).entries()) {
      const colour = colours.regions[numbers[named.id] ?? 0] ?? [];
      palette.set(
        colour.map((part) => Math.round(255 * part)),
        4 * id,
      );
    }
    return palette;
  });
}

/** Fewer points are larger, and less see-through: 250,000 lie over each other. */
function allLook(count: number): { readonly size: number; readonly opacity: number } {
  const crowded = Math.min(1, Math.max(0, Math.log10(Math.max(1, count) / 500) / 2.7));
  return { size: 5.5 - 3.9 * crowded, opacity: 0.72 - 0.3 * crowded };
}

/** What is lit stands out from regions of a like colour by an edge in the colour of the ground, so wide on both sides together. */
const RIM = 3;
/** More rings than this are drawn over each other: what they surround is drawn in their colour instead. */
const MOST_RINGS = 2_000;

function selectedLayer(points: MapPoints, { rows }: Ordered, selected: readonly number[], colours: Colours): Layer {
  if (selected.length <= MOST_RINGS) {
    return { places: placesOf(points, selected), colour: colours.selected, shape: 'ring', size: 9, drawn: 'whole' };
  }
  const isSelected = new Uint8Array(points.regions.length);
  for (const row of selected) isSelected[row] = 1;
  const places = placesOf(
    points,
    rows.filter((row) => isSelected[row] === 1),
  );
  const { size, opacity } = allLook(rows.length);
  const [red, green, blue] = colours.selected;
  // As see-through as the points under them, so that hills stay hills.
  return { places, colour: [red, green, blue, opacity], shape: 'point', size, drawn: 'sampled' };
}

export interface ToDraw {
  readonly points: MapPoints;
  readonly ordered: Ordered;
  readonly palettes: readonly Uint8Array[];
  readonly lit: LitRows;
  readonly unlit: ReadonlySet<string>;
  readonly selected: readonly number[];
}

/** What is drawn, from below to above. */
export function layersOf({ points, ordered, palettes, lit, unlit, selected }: ToDraw, colours: Colours): Layer[] {
  const { size, opacity } = allLook(ordered.rows.length);
  const lights = (['feed', 'hits', 'library'] as const).flatMap((name): Layer[] => {
    const rows = lit[name];
    if (!rows || unlit.has(name)) return [];
    const { shape, size: width } = LIT_LOOKS[name];
    const places = placesOf(points, rows);
    return [
      { places, colour: colours.ground, shape, size: width + RIM, drawn: 'whole' },
      { places, colour: colours[name], shape, size: width, drawn: 'whole' },
    ];
  });
  return [
    {
      places: ordered.places,
      colour: [0, 0, 0, opacity],
      coloured: { regions: ordered.regions, palettes },
      // Of so few pixels nobody tells a square from a disc.
      shape: size > 3 ? 'disc' : 'point',
      size,
      drawn: 'sampled',
    },
    selectedLayer(points, ordered, selected, colours),
    ...lights,
  ];
}
