import {
  createBufferInfoFromArrays,
  createProgramInfo,
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
  readonly shape: Shape;
  /** In CSS pixels at zoom 0. */
  readonly size: number;
}

export interface Painter {
  /** Layers that are the same objects as before are not sent to the graphics processor again. */
  readonly paint: (layers: readonly Layer[], view: MapView, size: Size, pixelRatio: number) => void;
  readonly close: () => void;
}

const VERTEX = `#version 300 es
in vec2 place;
uniform vec2 middle;
uniform vec2 scale;
uniform float size;
void main() {
  // A paper that has gone has no place: NaN compares with nothing.
  bool there = place.x == place.x;
  gl_Position = there ? vec4((place - middle) * scale, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = size;
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
uniform vec4 colour;
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
  shown = vec4(colour.rgb, 1.0) * (colour.a * alpha);
}`;

/** Points grow a little as they come nearer, and the gaps between them more. */
const GROWTH = 0.28;

/** Draws points by WebGL 2; `undefined` where there is none. */
export function createPainter(canvas: HTMLCanvasElement): Painter | undefined {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, powerPreference: 'low-power' });
  if (!gl) return undefined;
  const program = createProgramInfo(gl, [VERTEX, FRAGMENT]);
  const buffers = new Map<Layer['places'], ReturnType<typeof createBufferInfoFromArrays>>();
  const forget = (places: Layer['places']): void => {
    const buffer = buffers.get(places)?.attribs?.['place']?.buffer;
    if (buffer) gl.deleteBuffer(buffer);
    buffers.delete(places);
  };
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  return {
    paint(layers, view, size, pixelRatio) {
      const [width, height] = [Math.round(size.width * pixelRatio), Math.round(size.height * pixelRatio)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.useProgram(program.program);
      const scale = scaleOf(view, size);
      for (const { places, colour, shape, size: points } of layers) {
        if (places.length === 0) continue;
        const known = buffers.get(places);
        const buffer = known ?? createBufferInfoFromArrays(gl, { place: { numComponents: 2, data: places } });
        if (!known) buffers.set(places, buffer);
        setBuffersAndAttributes(gl, program, buffer);
        setUniforms(program, {
          middle: [view.x, view.y],
          scale: [(2 * scale) / size.width, (2 * scale) / size.height],
          size: points * 2 ** (GROWTH * view.zoom) * pixelRatio,
          colour,
          shape: SHAPES.indexOf(shape),
        });
        drawBufferInfo(gl, buffer, gl.POINTS);
      }
      const used = new Set(layers.map(({ places }) => places));
      for (const places of buffers.keys()) if (!used.has(places)) forget(places);
    },
    close() {
      for (const places of buffers.keys()) forget(places);
      gl.deleteProgram(program.program);
    },
  };
}
