import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type RequestHandler, type Response, Router } from 'express';
import type { Writer, Written } from '../collection/mod.ts';
import type { LibraryPage, SavedJson, SavedPairs, SavedPaperJson, SavedRow, UnsavedJson } from '../domain/mod.ts';
import type { Desk, LibraryList } from '../store/mod.ts';
import type { ServerServices } from './contract.ts';
import { noting } from './export.ts';
import { keepers } from './keeper.ts';
import {
  chosenExport,
  libraryExport,
  type LibraryForm,
  libraryRequest,
  putBackRequest,
  savedRequest,
  saveRequest,
  settleRequest,
  takeRequest,
} from './library-request.ts';
import { idOf, type PersonParts, plainly, theirs } from './person-routes.ts';
import type { Reply } from './reply.ts';
import { idsThrough } from './request.ts';
import { onlyAllow } from './routing.ts';

/** A filter by mistake saves no whole collection: bibliographies have fewer. */
const MAX_SAVED_BY_FILTER = 10_000;

export interface LibraryParts extends PersonParts {
  readonly services: PersonParts['services'] &
    Pick<
      ServerServices,
      'libraryLists' | 'duplicatesAmong' | 'settleDuplicates' | 'findPaper' | 'paperOf' | 'papersThrough'
    >;
}

/** A person's library: as a table, changed one by one or many at once, and taken elsewhere. */
export function libraryRoutes(parts: LibraryParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { libraryLists } = parts.services;
  router
    .route('/api/library')
    .get(
      theirs(parts)(({ req, desk, person }) => {
        const { query, form, k, skip } = libraryRequest(req);
        return { body: shown(libraryLists.list(person, query), { form, k, skip, desk }) };
      }),
    )
    .post(
      theirs(parts)(async ({ req, res, desk }) => {
        const { ids, filter, saying } = await saveRequest(req, res);
        const found = filter ? idsThrough(parts.services)(filter, MAX_SAVED_BY_FILTER) : [];
        const all = [...ids, ...found];
        const was = desk.kept(all);
        return { body: { ...desk.save(all, saying), was } };
      }),
    )
    .put(
      theirs(parts)(async ({ req, res, desk }): Promise<Reply> => {
        const papers = await putBackRequest(req, res);
        desk.putBack(papers);
        return { body: { saved: papers.length } };
      }),
    )
    .delete(
      theirs(parts)(async ({ req, res, desk }) => ({ body: { removed: desk.take(await takeRequest(req, res)) } })),
    )
    .all(onlyAllow('GET, HEAD, POST, PUT, DELETE'));
  // Other methods of these paths are those of a paper of that id.
  addDuplicates(router, parts);
  router.get('/api/library/export', exportFiltered(parts));
  router.post('/api/library/export', exportChosen(parts));
  router
    .route('/api/library/*id')
    .put(
      theirs(parts)(async ({ req, res, desk }) => {
        const change = await savedRequest(req, res);
        const { saved } = desk.save([idOf(req)], change);
        return { status: saved > 0 ? 201 : 200, body: desk.saved(idOf(req)) };
      }),
    )
    .get(
      plainly(parts)(({ req, desk }) => {
        const body: SavedJson = { saved: desk.saved(idOf(req)) ?? null };
        return { body };
      }),
    )
    .delete(
      plainly(parts)(({ req, desk }) => {
        const was = desk.saved(idOf(req)) ?? null;
        const body: UnsavedJson = { removed: desk.unsave([idOf(req)]) > 0, was };
        return { body };
      }),
    )
    .all(onlyAllow('GET, HEAD, PUT, DELETE'));
  return router;
}

/** Saved papers that may be one. Settling that changes the collection, for everybody: its keeper does. */
function addDuplicates(router: Router, parts: LibraryParts): void {
  const { duplicatesAmong, settleDuplicates, people } = parts.services;
  const keeper = { ...parts, personOf: keepers(parts.personOf, people) };
  router.get(
    '/api/library/duplicates',
    plainly(parts)(async ({ desk }) => {
      const pairs = await duplicatesAmong(desk.library().map(({ paper }) => paper));
      const body: SavedPairs = {
        pairs: pairs.flatMap(({ a: one, b: other, cosine, title }) => {
          const [a, b] = [desk.saved(one), desk.saved(other)];
          return a && b ? [{ a, b, cosine, title }] : [];
        }),
      };
      return { body };
    }),
  );
  router.post(
    '/api/library/duplicates',
    theirs(keeper)(async ({ req, res, desk }) => {
      const { papers, verdict } = await settleRequest(req, res);
      // First, while each still has its own id; both are told apart by it.
      const was = verdict === 'same' ? desk.unite(...papers) : [];
      try {
        await settleDuplicates(...papers, verdict);
      } catch (error) {
        desk.putBack(was);
        throw error;
      }
      return { body: { was } };
    }),
  );
}

interface Page {
  readonly form: LibraryForm;
  readonly k: number;
  readonly skip: number;
  readonly desk: Desk;
}

function shown(
  { rows, all, tags }: LibraryList,
  { form, k, skip, desk }: Page,
): LibraryPage<SavedPaperJson | SavedRow | string> {
  const base = { total: rows.length, all, tags };
  if (form === 'id') return { ...base, papers: rows.map(({ id }) => id) };
  const page = rows.slice(skip, skip + k);
  if (form === 'row') return { ...base, papers: page };
  const full = page.map(({ id, savedAt, state, tags, note }) => desk.shown({ paper: id, savedAt, state, tags, note }));
  return { ...base, papers: full };
}

/** What passes conditions. */
const exportFiltered =
  ({ services: { libraryLists, paperOf }, personOf }: LibraryParts): RequestHandler =>
  async (req, res) => {
    const person = personOf(req);
    const { query, writer } = libraryExport(req);
    const { rows } = libraryLists.list(person, query);
    if (req.method === 'HEAD') setHeaders(res, writer).end();
    else await send(res, writer, asKept(rows, paperOf));
  };

/** Papers by their ids. */
const exportChosen =
  ({ services: { deskOf, paperOf }, personOf }: LibraryParts): RequestHandler =>
  async (req, res) => {
    const desk = deskOf(personOf(req));
    const { ids, writer } = await chosenExport(req, res);
    const saved = ids.flatMap((id) => desk.saved(id) ?? []);
    await send(res, writer, asKept(saved, paperOf));
  };

/** Tags are keywords to programs that keep references. What has gone from the workspace cannot be written. */
function* asKept(
  rows: Iterable<Pick<SavedRow, 'id' | 'tags' | 'note'>>,
  paperOf: ServerServices['paperOf'],
): Generator<Written> {
  for (const { id, tags, note } of rows) {
    const paper = paperOf(id);
    if (!paper) continue;
    const keywords = [...new Set([...paper.keywords, ...tags])];
    yield { ...paper, keywords, ...(note === '' ? {} : { note }) };
  }
}

const setHeaders = (res: Response, { mediaType, extension }: Writer): Response =>
  res.set({
    'Content-Type': `${mediaType}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="library.${extension}"`,
  });

async function send(res: Response, writer: Writer, papers: Iterable<Written>): Promise<void> {
  setHeaders(res, writer);
  await pipeline(Readable.from(noting(writer.write(papers), res)), res);
}
