import express, { Router } from 'express';
import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

/** Addresses that the interface shows itself; each gets the same page. */
const PAGES = /^\/(?:papers\/.+|feed|trending|library|map|settings|import)?$/;

/** Files of the built interface. Without a build, its pages say how to make one. */
export function browserRoutes(webRoot: string): Router {
  const router = Router({ caseSensitive: true });
  const root = resolve(webRoot);
  const index = join(root, 'index.html');
  router.use(
    express.static(root, {
      index: false,
      redirect: false,
      acceptRanges: false,
      cacheControl: false,
      setHeaders: (res, file) => res.setHeader('Cache-Control', cacheControl(root, file)),
    }),
  );
  router.get(['/*path', '/'], (req, res, next) => {
    const isPage = PAGES.test(req.path);
    // Whoever mistypes an address in a browser is told by a page; programs get a problem document.
    if (!isPage && req.accepts(['json', 'html']) !== 'html') {
      next();
      return;
    }
    res.status(isPage ? 200 : 404).set('Cache-Control', 'no-cache');
    if (existsSync(index)) {
      // Relative to a root, so that an installation below a dot folder is served too.
      res.sendFile('index.html', { root, cacheControl: false, acceptRanges: false });
      return;
    }
    res
      .status(503)
      .type('text/plain')
      .send('The browser interface is not built yet. Run `npm run build`, then load this page again.\n');
  });
  return router;
}

/** The build puts a hash of the content into the names under assets/, so they never change. */
function cacheControl(root: string, file: string): string {
  const hashed = file.startsWith(join(root, 'assets') + sep);
  return hashed ? 'public, max-age=31536000, immutable' : 'no-cache';
}
