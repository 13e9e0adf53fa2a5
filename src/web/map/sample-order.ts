/** Cells along a side that tell points apart: about a pixel of the whole map. */
const CELLS = 1024;
const ROW_ROOM = 2 ** 32;

/** Spreads ten bits so that another ten fit between them. */
function spread(bits: number): number {
  let value = bits;
  value = (value | (value << 8)) & 0x00ff00ff;
  value = (value | (value << 4)) & 0x0f0f0f0f;
  value = (value | (value << 2)) & 0x33333333;
  return (value | (value << 1)) & 0x55555555;
}

function reversed(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit += 1) result = (result << 1) | ((value >>> bit) & 1);
  return result >>> 0;
}

/**
 * Rows that have a place, in such an order that the first ones, however many, are a fair sample of all, spread over the map as
 * all are: along a curve that keeps neighbours together (Morton 1966), by steps that are halved again and again (van der
 * Corput 1935). `places`: `[rows, 2]`.
 */
export function sampleOrder(places: Float32Array): Uint32Array {
  const rows: number[] = [];
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let row = 0; row < places.length / 2; row += 1) {
    const [x = NaN, y = NaN] = [places[2 * row], places[2 * row + 1]];
    if (Number.isNaN(x)) continue;
    rows.push(row);
    [left, right, bottom, top] = [Math.min(left, x), Math.max(right, x), Math.min(bottom, y), Math.max(top, y)];
  }
  const cellOf = (value: number, from: number, to: number): number =>
    to > from ? Math.min(CELLS - 1, Math.floor(((value - from) / (to - from)) * CELLS)) : 0;
  // Cell and row in one number: numbers alone sort fast.
  const along = Float64Array.from(rows, (row) => {
    const across = cellOf(places[2 * row] ?? 0, left, right);
    const up = cellOf(places[2 * row + 1] ?? 0, bottom, top);
    return (spread(across) + 2 * spread(up)) * ROW_ROOM + row;
  }).sort();
  const order = new Uint32Array(along.length);
  const bits = Math.max(1, Math.ceil(Math.log2(along.length)));
  for (let step = 0, at = 0; at < order.length; step += 1) {
    const place = along[reversed(step, bits)];
    if (place === undefined) continue;
    order[at] = place % ROW_ROOM;
    at += 1;
  }
  return order;
}
