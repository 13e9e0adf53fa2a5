const KINDS: Readonly<Record<string, string>> = {
  arxiv: 'arXiv',
  biorxiv: 'bioRxiv and medRxiv',
  huggingface: 'Hugging Face daily papers',
  oai: 'Repository (OAI-PMH)',
  rss: 'Feed (RSS, Atom)',
  folder: 'Folder',
  zotero: 'Zotero',
};

/** What people call a kind of source; one that this page does not know, as it is. */
export const kindText = (kind: string): string => KINDS[kind] ?? kind;
