const PARTICLES: ReadonlySet<string> = new Set(
  'van von der den de la le di da del della dos el al bin ben ten ter'.split(' '),
);

/** Whether a word stands between the parts of names, or before surnames: `van`, `de`. */
export function isNameParticle(word: string): boolean {
  return PARTICLES.has(word.toLowerCase());
}

/** What the papers of a file are told to come from, by its name: `papers.jsonl.gz` -> `papers`. */
export function sourceOfFile(name: string): string {
  // A dot that begins a name begins no ending.
  return name.replace(/\.(?:gz|bz2|zst)$/i, '').replace(/(?<=.)\.[^.]*$/, '');
}
