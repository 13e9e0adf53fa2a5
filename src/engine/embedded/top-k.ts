import type { Candidates } from '../contract.ts';

/** Keeps the k best of a stream of scored keys: a binary heap with the worst on top. Ties go to the smaller key. */
export class TopK {
  readonly #k: number;
  readonly #keys: number[] = [];
  readonly #scores: number[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  push(key: number, score: number): void {
    if (this.#keys.length < this.#k) {
      this.#keys.push(key);
      this.#scores.push(score);
      this.#rise(this.#keys.length - 1);
    } else if (this.#k > 0 && this.#worse(this.#key(0), this.#score(0), key, score)) {
      this.#keys[0] = key;
      this.#scores[0] = score;
      this.#sink();
    }
  }

  /** Best first. */
  candidates(total: number): Candidates {
    const order = this.#keys.map((key, i) => ({ key, score: this.#score(i) }));
    order.sort((a, b) => b.score - a.score || a.key - b.key);
    return {
      keys: Int32Array.from(order, (entry) => entry.key),
      scores: Float32Array.from(order, (entry) => entry.score),
      total,
    };
  }

  #key(i: number): number {
    return this.#keys[i] ?? 0;
  }

  #score(i: number): number {
    return this.#scores[i] ?? 0;
  }

  #worse(key: number, score: number, otherKey: number, otherScore: number): boolean {
    return score < otherScore || (score === otherScore && key > otherKey);
  }

  #swap(i: number, j: number): void {
    const key = this.#key(i);
    const score = this.#score(i);
    this.#keys[i] = this.#key(j);
    this.#scores[i] = this.#score(j);
    this.#keys[j] = key;
    this.#scores[j] = score;
  }

  #rise(from: number): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#worse(this.#key(i), this.#score(i), this.#key(parent), this.#score(parent))) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #sink(): void {
    let i = 0;
    for (;;) {
      let worst = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child >= this.#keys.length) continue;
        if (this.#worse(this.#key(child), this.#score(child), this.#key(worst), this.#score(worst))) worst = child;
      }
      if (worst === i) return;
      this.#swap(i, worst);
      i = worst;
    }
  }
}
