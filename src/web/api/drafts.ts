/** What is used of the tab's own storage. */
export interface TabStorage {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, value: string) => void;
  readonly removeItem: (key: string) => void;
  readonly key: (at: number) => string | null;
  readonly length: number;
}

/** Texts that were typed and are not on the server yet, by what they belong to; they outlive a reload. */
export interface Drafts {
  readonly of: (name: string) => string | undefined;
  readonly keep: (name: string, text: string) => void;
  readonly drop: (name: string) => void;
  readonly clear: () => void;
}

const PREFIX = 'paperkin.draft.';
const key = (name: string): string => `${PREFIX}${name}`;

/** `storage` is absent where the browser forbids it: drafts then last as long as the page. */
export function createDrafts(storage: TabStorage | undefined): Drafts {
  const drafts = new Map<string, string>();
  return {
    of: (name) => drafts.get(name) ?? storage?.getItem(key(name)) ?? undefined,
    keep(name, text) {
      drafts.set(name, text);
      try {
        storage?.setItem(key(name), text);
      } catch {
        // Full: as above.
      }
    },
    drop(name) {
      drafts.delete(name);
      storage?.removeItem(key(name));
    },
    clear() {
      drafts.clear();
      if (!storage) return;
      const names = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
      for (const name of names) if (name.startsWith(PREFIX)) storage.removeItem(name);
    },
  };
}
