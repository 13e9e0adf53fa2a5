import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/domain/seeded.ts';
import { placeAmong } from '../../../src/projection/place.ts';

const near = (x: number, y: number, cosine: number) => ({ x, y, cosine });

describe('a place among neighbours', () => {
  it('lies in the middle of those that lie together', () => {
    const placed = placeAmong([near(0.5, 0.5, 0.8), near(0.52, 0.5, 0.8), near(0.51, 0.53, 0.8)], seeded(1));
    expect(placed.x).toBeCloseTo(0.51, 1);
    expect(placed.y).toBeCloseTo(0.51, 1);
  });

  it('is in one of two groups and never between them', () => {
    const left = [near(-0.8, 0, 0.7), near(-0.79, 0.01, 0.7), near(-0.81, 0, 0.69)];
    const right = [near(0.8, 0, 0.7), near(0.79, 0.01, 0.66)];
    const placed = placeAmong([...left, ...right], seeded(1));
    expect(placed.x).toBeCloseTo(-0.8, 1);
    expect(placed.beside).toBeLessThan(3);
  });

  it('is beside the nearest where the others say less', () => {
    const placed = placeAmong([near(0.9, 0.9, 0.95), near(-0.5, 0, 0.6), near(-0.51, 0, 0.6)], seeded(1));
    expect(placed.beside).toBe(0);
    expect(Math.hypot(placed.x - 0.9, placed.y - 0.9)).toBeLessThan(0.01);
  });

  it('differs a little for papers with the same neighbours, and is the same for the same paper', () => {
    const neighbours = [near(0.1, 0.2, 0.9)];
    expect(placeAmong(neighbours, seeded(1))).toEqual(placeAmong(neighbours, seeded(1)));
    expect(placeAmong(neighbours, seeded(1))).not.toEqual(placeAmong(neighbours, seeded(2)));
  });
});
