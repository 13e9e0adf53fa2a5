import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** A thread ended inside ONNX Runtime aborts the process with 134; these are the ways out of a process that end threads. */
describe('leaving with texts under way', () => {
  it.each([
    ['exit', 3],
    ['throw', 1],
    ['close', 4],
  ])(
    'by %s does not abort',
    (way, exitCode) => {
      const script = fileURLToPath(new URL('./leaving.mjs', import.meta.url));
      const mod = new URL('../../../dist/encoder/mod.js', import.meta.url).href;
      for (let run = 0; run < 3; run += 1) {
        const { status } = spawnSync(process.execPath, [script, mod, way], { timeout: 30_000 });
        expect(status).toBe(exitCode);
      }
    },
    90_000,
  );
});
