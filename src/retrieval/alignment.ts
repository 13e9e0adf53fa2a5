/** Vectors of words are unit vectors in 127ths. */
const ONE = 127;
/** Words of the query that are compared with one of the paper at once: each of its bytes is then read once for all of them. */
const AT_ONCE = 4;

/**
 * Late interaction (ColBERT; Khattab and Zaharia 2020): for each word of the query the cosine of the paper's nearest word, on the
 * average. Both are `[tokens, dimensions]`, as the encoder packs them. NaN where one of them has no words.
 */
export function alignment(query: Int8Array, paper: Int8Array, dimensions: number): number {
  const words = query.length / dimensions;
  if (!(words > 0 && paper.length > 0)) return NaN;
  let sum = 0;
  for (let at = 0; at < words; at += AT_ONCE) {
    // Past the last word it is compared once more, and not added.
    const [q0, q1] = [at * dimensions, Math.min(at + 1, words - 1) * dimensions];
    const [q2, q3] = [Math.min(at + 2, words - 1) * dimensions, Math.min(at + 3, words - 1) * dimensions];
    let [best0, best1, best2, best3] = [-Infinity, -Infinity, -Infinity, -Infinity];
    for (let p = 0; p < paper.length; p += dimensions) {
      let dot0 = 0;
      let dot1 = 0;
      let dot2 = 0;
      let dot3 = 0;
      for (let i = 0; i < dimensions; i += 1) {
        const value = paper[p + i] ?? 0;
        dot0 = (dot0 + Math.imul(query[q0 + i] ?? 0, value)) | 0;
        dot1 = (dot1 + Math.imul(query[q1 + i] ?? 0, value)) | 0;
        dot2 = (dot2 + Math.imul(query[q2 + i] ?? 0, value)) | 0;
        dot3 = (dot3 + Math.imul(query[q3 + i] ?? 0, value)) | 0;
      }
      if (dot0 > best0) best0 = dot0;
      if (dot1 > best1) best1 = dot1;
      if (dot2 > best2) best2 = dot2;
      if (dot3 > best3) best3 = dot3;
    }
    const bests = [best0, best1, best2, best3].slice(0, words - at);
    sum += bests.reduce((all, best) => all + best, 0);
  }
  return sum / ONE ** 2 / words;
}
