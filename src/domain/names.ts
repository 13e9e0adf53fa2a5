const PARTICLES: ReadonlySet<string> = new Set(
  'van von der den de la le di da del della dos el al bin ben ten ter'.split(' '),
);

/** Whether a word stands between the parts of names, or before surnames: `van`, `de`. */
export function isNameParticle(word: string): boolean {
  return PARTICLES.has(word.toLowerCase());
}
