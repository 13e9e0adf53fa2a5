import {
  createBufferInfoFromArrays,
  createProgramInfo,
  createTexture,
  drawBufferInfo,
  setBuffersAndAttributes,
  setUniforms,
} from 'twgl.js';
import { type MapView, scaleOf, type Size } from './view.ts';

export const SHAPES = ['point', 'disc', 'diamond', 'square', 'ring'] as const;
export type Shape = (typeof SHAPES)[number];

/** Points drawn alike, in the order of drawing. */
export interface Layer {
  /** `[points, 2]` */
  readonly places: Float32Array;
  /** Red, green, blue and opacity, each in [0, 1]. */
  readonly colour: readonly [number, number, number, number];
  /** A colour of each point instead, with the same opacity. */
  readonly coloured?: {
    /** `[points]`: the region of each. */
    readonly regions: Uint16Array;
    /** One for each level of regions: `[regions, 4]`, filled up to whole rows of the palette. */
    readonly palettes: readonly Uint8Array[];
  };
  readonly shape: Shape;
  /** In CSS pixels at zoom 0. */
  readonly size: number;
  /** `sampled`: while the map moves the first points stand for all. */
  readonly drawn: 'whole' | 'sampled';
}

/** Regions in a row of a palette. */
export const PALETTE_WIDTH = 256;

export interface Shot {
  readonly view: MapView;
  readonly size: Size;
  readonly pixelRatio: number;
  /** Of the points of layers that are sampled, in (0, 1]. */
  readonly share: number;
  /** Of the regions whose colours are shown. */
  readonly level: number;
}

export interface Painter {
  /** Layers that are the same objects as before are not sent to the graphics processor again. */
  readonly paint: (layers: readonly Layer[], shot: Shot) => void;
  /** Asked right after painting, and again in later frames: whether the graphics processor has drawn what was painted. */
  readonly isDrawn: () => boolean;
  readonly close: () => void;
}

const VERTEX = `#version 300 es
in vec2 place;
in float region;
uniform vec2 middle;
uniform vec2 scale;
uniform float size;
uniform vec4 colour;
uniform bool coloured;
uniform sampler2D palette;
flat out vec4 own;
void main() {
  // A paper that has gone has no place: NaN compares with nothing.
  bool there = place.x == place.x;
  gl_Position = there ? vec4((place - middle) * scale, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = size;
  int at = int(region);
  vec3 hue = coloured ? texelFetch(palette, ivec2(at % ${PALETTE_WIDTH}, at / ${PALETTE_WIDTH}), 0).rgb : colour.rgb;
  own = vec4(hue, colour.a);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 own;
uniform int shape;
uniform highp float size;
out vec4 shown;
void main() {
  vec2 at = abs(gl_PointCoord * 2.0 - 1.0);
  float edge = 2.0 / size;
  float away = length(at);
  float alpha = 1.0;
  if (shape == 1) alpha = 1.0 - smoothstep(1.0 - edge, 1.0, away);
  if (shape == 2) alpha = 1.0 - smoothstep(1.0 - edge, 1.0, at.x + at.y);
  if (shape == 3) alpha = 1.0 - step(0.8, max(at.x, at.y));
  if (shape == 4) alpha = smoothstep(0.6 - edge, 0.6, away) * (1.0 - smoothstep(1.0 - edge, 1.0, away));
  // Colours are multiplied by their opacity, as the page blends the canvas.
  shown = vec4(own.rgb, 1.0) * (own.a * alpha);
}`;

/** Points grow a little as they come nearer, and the gaps between them more. */
const GROWTH = 0.28;
/** Few points for many are this opaque at most, and this much wider: more is a picture of blots. */
const MOST_OPAQUE = 0.8;
const MOST_WIDENED = 2.5;

/**
 * How a share of the points lays on as much ink as all of them: more opaque first, then larger. Light that comes through
 * many points is the product of what each lets through.
 */
export function inkOf(opacity: number, share: number): { readonly opacity: number; readonly widened: number } {
  const ink = -Math.log(1 - Math.min(opacity, 0.999)) / share;
  const most = Math.max(opacity, MOST_OPAQUE);
  const shown = Math.min(most, 1 - Math.exp(-ink));
  const left = share < 1 ? ink / -Math.log(1 - shown) : 1;
  return { opacity: share < 1 ? shown : opacity, widened: Math.min(MOST_WIDENED, Math.sqrt(left)) };
}

/** Draws points by WebGL 2; `undefined` where there is none. */
export function createPainter(canvas: HTMLCanvasElement): Painter | undefined {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, powerPreference: 'low-power' });
  if (!gl) return undefined;
  const program = createProgramInfo(gl, [VERTEX, FRAGMENT]);
  const buffers = new Map<Layer['places'], ReturnType<typeof createBufferInfoFromArrays>>();
  const palettes = new Map<Uint8Array, WebGLTexture>();
  let fence: WebGLSync | null = null;
  const bufferOf = ({ places, coloured }: Layer) => {
    const known = buffers.get(places);
    if (known) return known;
    const made = createBufferInfoFromArrays(gl, {
      place: { numComponents: 2, data: places },
      region: coloured ? { numComponents: 1, data: coloured.regions, normalize: false } : { value: [0] },
    });
    buffers.set(places, made);
    return made;
  };
  const textureOf = (palette: Uint8Array): WebGLTexture => {
    const options = { src: palette, width: PALETTE_WIDTH, minMag: gl.NEAREST, auto: false };
    const texture = palettes.get(palette) ?? createTexture(gl, options);
    palettes.set(palette, texture);
    return texture;
  };
  const forget = (places: Layer['places']): void => {
    for (const { buffer } of Object.values(buffers.get(places)?.attribs ?? {})) if (buffer) gl.deleteBuffer(buffer);
    buffers.delete(places);
  };
  const forgetAllBut = (layers: readonly Layer[]): void => {
    const places = new Set(layers.map((layer) => layer.places));
    for (const known of buffers.keys()) if (!places.has(known)) forget(known);
    const used = new Set(layers.flatMap(({ coloured }) => coloured?.palettes ?? []));
    for (const [palette, texture] of palettes) {
      if (used.has(palette)) continue;
      gl.deleteTexture(texture);
      palettes.delete(palette);
    }
  };
  // Where a layer has no palette the program still wants one.
  const noPalette = createTexture(gl, { src: new Uint8Array(4), width: 1, minMag: gl.NEAREST, auto: false });
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  return {
    paint(layers, { view, size, pixelRatio, share, level }) {
      const [width, height] = [Math.round(size.width * pixelRatio), Math.round(size.height * pixelRatio)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.useProgram(program.program);
      const scale = scaleOf(view, size);
      for (const layer of layers) {
        if (layer.places.length === 0) continue;
        const own = layer.drawn === 'sampled' ? share : 1;
        const [red, green, blue, whole] = layer.colour;
        const { opacity, widened } = inkOf(whole, own);
        const buffer = bufferOf(layer);
        const palette = layer.coloured?.palettes[level];
        setBuffersAndAttributes(gl, program, buffer);
        setUniforms(program, {
          middle: [view.x, view.y],
          scale: [(2 * scale) / size.width, (2 * scale) / size.height],
          size: layer.size * widened * 2 ** (GROWTH * view.zoom) * pixelRatio,
          colour: [red, green, blue, opacity],
          coloured: palette !== undefined,
          palette: palette ? textureOf(palette) : noPalette,
          shape: SHAPES.indexOf(layer.shape),
        });
        drawBufferInfo(gl, buffer, gl.POINTS, Math.ceil((own * layer.places.length) / 2));
      }
      forgetAllBut(layers);
      gl.deleteSync(fence);
      fence = null;
    },
    isDrawn() {
      if (fence) return gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED;
      fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
      gl.flush();
      return false;
    },
    close() {
      forgetAllBut([]);
      gl.deleteTexture(noPalette);
      gl.deleteSync(fence);
      gl.deleteProgram(program.program);
    },
  };
}
