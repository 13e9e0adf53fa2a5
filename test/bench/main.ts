import { benchEmbed } from './embed.ts';
import { benchFeed } from './feed.ts';
import { benchFormats } from './formats.ts';
import { benchImport } from './import.ts';
import { say } from './machine.ts';
import { benchLibrary } from './library.ts';
import { benchMap } from './map.ts';
import { benchSearch, benchWhole } from './search.ts';
import { benchTyping } from './typing.ts';
import { benchWeb } from './web.ts';

/** `npm run bench -- NAME`: one JSON object a figure on standard output, progress on standard error. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  embed: benchEmbed,
  import: benchImport,
  formats: benchFormats,
  search: benchSearch,
  feed: benchFeed,
  library: benchLibrary,
  map: benchMap,
  typing: benchTyping,
  whole: benchWhole,
  web: benchWeb,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !BENCHES[name]);
if (unknown !== undefined || asked.length === 0) {
  say(`usage: npm run bench -- NAME…, where NAME is one of ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
} else {
  for (const name of asked) await BENCHES[name]?.();
}
