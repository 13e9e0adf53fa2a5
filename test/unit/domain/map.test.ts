import { describe, expect, it } from 'vitest';
import { packPoints, unpackPoints } from '../../../src/domain/mod.ts';

const points = {
  places: Float32Array.of(0.5, -0.25, NaN, NaN, 1, 0),
  regions: Uint16Array.of(3, 0, 65_535),
  years: Uint16Array.of(1843, 0, 2026),
};

describe('points of a map', () => {
  it('are unpacked as they were packed, an odd number of them, too', () => {
    expect(unpackPoints(packPoints(points).buffer.slice(0))).toEqual(points);
  });

  it('are none in what is cut short, empty or longer', () => {
    const { buffer } = packPoints(points);
    expect(unpackPoints(buffer.slice(0, -1))).toBeUndefined();
    expect(unpackPoints(new ArrayBuffer(0))).toBeUndefined();
    expect(unpackPoints(new ArrayBuffer(200))).toBeUndefined();
  });
});
