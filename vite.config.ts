import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Every browser this build aims at reads WOFF2: without the older copies of KaTeX's fonts the build is a megabyte smaller. */
function woff2Only(): Plugin {
  return {
    name: 'paperkin:woff2-only',
    enforce: 'pre',
    transform(code, id) {
      if (!/katex[^/]*\.css$/.test(id)) return undefined;
      return { code: code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\(["'][a-z]+["']\)/g, ''), map: null };
    },
  };
}

export default defineConfig({
  root: path('./src/web'),
  plugins: [react(), woff2Only()],
  build: {
    outDir: path('./dist/web'),
    emptyOutDir: true,
    // The server's content security policy lets no data: address pass, so nothing may be inlined.
    assetsInlineLimit: 0,
  },
});
