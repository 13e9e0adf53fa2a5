/**
 * Keeps the best k of a stream of scored keys: a binary heap with the worst of them at the root. Of two equal scores
 * the smaller key is the better.
 */
export class TopK {
  private readonly k: number;
  private readonly keys: Int32Array;
  private readonly scores: Float32Array;
  private size = 0;

  constructor(k: number) {
    this.k = k;
    this.keys = new Int32Array(k);
    this.scores = new Float32Array(k);
  }

  offer(key: number, score: number): void {
    if (this.size < this.k) {
      this.place(this.size, key, score);
      this.size += 1;
      this.siftUp(this.size - 1);
    } else if (this.k > 0 && this.isWorse(0, key, score)) {
      this.place(0, key, score);
      this.siftDown(this.size);
    }
  }

  /** What was kept, best first; the heap is used up by it. */
  finish(): { readonly keys: Int32Array; readonly scores: Float32Array } {
    const kept = this.size;
    for (let last = kept - 1; last > 0; last -= 1) {
      this.swap(0, last);
      this.siftDown(last);
    }
    return { keys: this.keys.slice(0, kept), scores: this.scores.slice(0, kept) };
  }

  private place(at: number, key: number, score: number): void {
    this.keys[at] = key;
    this.scores[at] = score;
  }

  /** Whether what is kept at a place is worse than the given. */
  private isWorse(at: number, key: number, score: number): boolean {
    const kept = this.scores[at] ?? 0;
    return kept < score || (kept === score && (this.keys[at] ?? 0) > key);
  }

  private isWorseThanAt(a: number, b: number): boolean {
    return this.isWorse(a, this.keys[b] ?? 0, this.scores[b] ?? 0);
  }

  private swap(a: number, b: number): void {
    const key = this.keys[a] ?? 0;
    const score = this.scores[a] ?? 0;
    this.place(a, this.keys[b] ?? 0, this.scores[b] ?? 0);
    this.place(b, key, score);
  }

  private siftUp(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isWorseThanAt(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private siftDown(size: number): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= size) return;
      const child = left + 1 < size && this.isWorseThanAt(left + 1, left) ? left + 1 : left;
      if (!this.isWorseThanAt(child, at)) return;
      this.swap(at, child);
      at = child;
    }
  }
}
