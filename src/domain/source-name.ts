/** What papers are called after that come from a file, where nothing else is said: `papers.jsonl.gz` -> `papers`. */
export function sourceOfFile(name: string): string {
  return name.replace(/\.(?:gz|bz2|zst)$/i, '').replace(/(?<=.)\.[^.]*$/s, '');
}
