import { type Request, type Response, Router } from 'express';
import { type Person, personJson } from '../domain/mod.ts';
import type { Desk } from '../store/mod.ts';
import type { ServerOptions, ServerServices } from './contract.ts';
import type { PersonOf } from './person.ts';
import {
  confirmErasing,
  feedbackRequest,
  hiddenRequest,
  libraryRequest,
  newTopicRequest,
  savedRequest,
  saveRequest,
  topicNumber,
  topicRequest,
} from './person-request.ts';
import { answering, type Reply } from './reply.ts';
import { idsThrough, noParameters } from './request.ts';
import { onlyAllow, wildcard } from './routing.ts';

export interface PersonParts {
  readonly services: Pick<ServerServices, 'people' | 'deskOf' | 'papersThrough'>;
  readonly options: Pick<ServerOptions, 'requestTimeoutMs'>;
  readonly personOf: PersonOf;
}

interface Asked {
  readonly req: Request;
  readonly res: Response;
  readonly person: Person;
  readonly desk: Desk;
}

/** A route that is about whoever asks. Who that is is settled first, so that a stranger learns nothing of what is there. */
export const theirs =
  ({ services, options, personOf }: PersonParts) =>
  (answer: (asked: Asked) => Reply | Promise<Reply>) =>
    answering(options.requestTimeoutMs, (req, res) => {
      const person = personOf(req);
      return answer({ req, res, person, desk: services.deskOf(person) });
    });

/** As `theirs`, for a route that reads neither parameters nor a body. */
const plainly = (parts: PersonParts) => (answer: (asked: Asked) => Reply | Promise<Reply>) =>
  theirs(parts)((asked) => {
    noParameters(asked.req);
    return answer(asked);
  });

const idOf = (req: Request): string => wildcard(req.params['id']);

/** A filter by mistake saves no whole collection: bibliographies have fewer. */
const MAX_SAVED_BY_FILTER = 10_000;

/** A person, their library, feedback, what they hide, and their topics. */
export function personRoutes(parts: PersonParts): Router {
  // Strict, as a trailing slash belongs to an id.
  const router = Router({ caseSensitive: true, strict: true });
  addPerson(router, parts);
  addLibrary(router, parts);
  addFeedback(router, parts);
  addHidden(router, parts);
  addTopics(router, parts);
  return router;
}

function addPerson(router: Router, parts: PersonParts): void {
  const { people } = parts.services;
  router
    .route('/api/person')
    .get(plainly(parts)(({ person }) => ({ body: personJson(person) })))
    .delete(
      theirs(parts)(async ({ req, res, person }) => {
        await confirmErasing(req, res, person.name);
        people.erase(person);
        return { body: { erased: person.name } };
      }),
    )
    .all(onlyAllow('GET, HEAD, DELETE'));
  router
    .route('/api/person/export')
    .get(
      plainly(parts)(({ person, desk }) => ({
        headers: { 'Content-Disposition': 'attachment; filename="person.json"' },
        body: people.export(person, (id) => desk.paper(id)?.title ?? null),
      })),
    )
    .all(onlyAllow('GET, HEAD'));
}

function addLibrary(router: Router, parts: PersonParts): void {
  router
    .route('/api/library')
    .get(
      theirs(parts)(({ req, desk }) => {
        const { filter, k, skip } = libraryRequest(req);
        const saved = desk.library(filter);
        const page = saved.slice(skip, skip + k).map((one) => desk.shown(one));
        return { body: { total: saved.length, papers: page } };
      }),
    )
    .post(
      theirs(parts)(async ({ req, res, desk }) => {
        const { ids, filter, saying } = await saveRequest(req, res);
        const found = filter ? idsThrough(parts.services)(filter, MAX_SAVED_BY_FILTER) : [];
        return { body: desk.save([...ids, ...found], saying) };
      }),
    )
    .all(onlyAllow('GET, HEAD, POST'));
  router
    .route('/api/library/*id')
    .put(
      theirs(parts)(async ({ req, res, desk }) => {
        const change = await savedRequest(req, res);
        const { saved } = desk.save([idOf(req)], change);
        return { status: saved > 0 ? 201 : 200, body: desk.saved(idOf(req)) };
      }),
    )
    .delete(plainly(parts)(({ req, desk }) => ({ body: { removed: desk.unsave([idOf(req)]) > 0 } })))
    .all(onlyAllow('PUT, DELETE'));
}

function addFeedback(router: Router, parts: PersonParts): void {
  router
    .route('/api/marks')
    .get(plainly(parts)(({ desk }) => ({ body: desk.marks() })))
    .all(onlyAllow('GET, HEAD'));
  router
    .route('/api/feedback')
    .get(plainly(parts)(({ desk }) => ({ body: { feedback: desk.feedback() } })))
    .all(onlyAllow('GET, HEAD'));
  router
    .route('/api/feedback/*id')
    .put(
      theirs(parts)(async ({ req, res, desk }) => {
        const kind = await feedbackRequest(req, res);
        desk.tell([idOf(req)], kind);
        return { body: { kind } };
      }),
    )
    .delete(plainly(parts)(({ req, desk }) => ({ body: { removed: desk.forget([idOf(req)]) > 0 } })))
    .all(onlyAllow('PUT, DELETE'));
}

function addHidden(router: Router, parts: PersonParts): void {
  const signalsOf = (person: Person) => parts.services.people.signals(person);
  router
    .route('/api/hidden')
    .get(plainly(parts)(({ person }) => ({ body: { hidden: signalsOf(person).hidden() } })))
    .post(
      theirs(parts)(async ({ req, res, person }) => {
        const { kind, value } = await hiddenRequest(req, res);
        signalsOf(person).hide(kind, value);
        return { body: { hidden: signalsOf(person).hidden() } };
      }),
    )
    .delete(
      theirs(parts)(async ({ req, res, person }) => {
        const { kind, value } = await hiddenRequest(req, res);
        return { body: { removed: signalsOf(person).unhide(kind, value) } };
      }),
    )
    .all(onlyAllow('GET, HEAD, POST, DELETE'));
}

function addTopics(router: Router, parts: PersonParts): void {
  const topicOf = (req: Request): number => topicNumber(idOf(req));
  router
    .route('/api/topics')
    .get(plainly(parts)(({ desk }) => ({ body: { topics: desk.topics() } })))
    .post(
      theirs(parts)(async ({ req, res, desk }) => {
        const topic = desk.addTopic(await newTopicRequest(req, res));
        return { status: 201, headers: { Location: `/api/topics/${topic.id}` }, body: topic };
      }),
    )
    .all(onlyAllow('GET, HEAD, POST'));
  router
    .route('/api/topics/:id')
    .get(plainly(parts)(({ req, desk }) => ({ body: desk.topic(topicOf(req)) })))
    .patch(
      theirs(parts)(async ({ req, res, desk }) => ({
        body: desk.changeTopic(topicOf(req), await topicRequest(req, res)),
      })),
    )
    .delete(
      plainly(parts)(({ req, desk }) => {
        desk.removeTopic(topicOf(req));
        return { body: { removed: true } };
      }),
    )
    .all(onlyAllow('GET, HEAD, PATCH, DELETE'));
}
