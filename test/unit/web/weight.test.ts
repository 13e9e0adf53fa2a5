import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../support/judged.ts';

const WEB = join(ROOT, 'dist/web');
const ASSET = /(?:src|href)="\/(assets\/[^"]+\.js)"/g;

/** A file with all that it imports before it runs; what is imported when it is needed is not counted. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(WEB, file), 'utf8');
  for (const [, imported = ''] of text.matchAll(/(?:\bfrom|^import|;import)\s*["']\.\/([^"']+\.js)["']/g)) {
    withImports(`assets/${imported}`, seen);
  }
  return seen;
}

// The suite builds first; a single file of it may be run without.
describe.skipIf(!existsSync(join(WEB, 'index.html')))('the search page (needs `npm run build`)', () => {
  it('loads at most 120 KB of compressed JavaScript, without KaTeX and other pages', () => {
    const index = readFileSync(join(WEB, 'index.html'), 'utf8');
    const files = new Set<string>();
    for (const [, file = ''] of index.matchAll(ASSET)) withImports(file, files);
    expect(files.size).toBeGreaterThan(0);
    const bytes = [...files].map((file) => gzipSync(readFileSync(join(WEB, file))).byteLength);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(120 * 1024);
    expect([...files].join(' ')).not.toMatch(/math|map|feed-page|settings/);
  });
});
