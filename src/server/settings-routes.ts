import { type Request, type RequestHandler, type Response, Router } from 'express';
import { type JobJson, type Person, personJson, type SourcesJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { backingUp } from './backup.ts';
import type { ServerOptions, ServerServices } from './contract.ts';
import { streamAllJobs } from './events.ts';
import type { Jobs } from './jobs.ts';
import { keepers } from './keeper.ts';
import type { PersonOf } from './person.ts';
import { answering, type Reply } from './reply.ts';
import { noParameters } from './request.ts';
import { onlyAllow, wildcard } from './routing.ts';
import { confirmErasing, personRequest, sourceChange, sourceRequest, syncRequest } from './settings-request.ts';

export interface SettingsParts {
  readonly services: Pick<ServerServices, 'people' | 'sourceList' | 'nextSync' | 'backUp'>;
  readonly options: Pick<ServerOptions, 'requestTimeoutMs'>;
  readonly jobs: Jobs;
  readonly personOf: PersonOf;
}

/** Jobs that are listed at once; older ones can be asked for by their ids while they are remembered. */
const LISTED_JOBS = 50;
/** Rejections that a listed job tells; all are told by the job itself. */
const LISTED_REJECTIONS = 20;

interface Asked {
  readonly req: Request;
  readonly res: Response;
}

type Answering = (answer: (asked: Asked) => Reply | Promise<Reply>) => RequestHandler;

/** Sources, jobs, people and backups: what whoever keeps the library settles. */
export function settingsRoutes(parts: SettingsParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { services, options, personOf } = parts;
  const keeperOf = keepers(personOf, services.people);
  const kept: Answering = (answer) =>
    answering(options.requestTimeoutMs, (req, res) => {
      keeperOf(req);
      return answer({ req, res });
    });
  addSources(router, parts, kept);
  addJobs(router, parts, kept, keeperOf);
  addPersons(router, parts, kept);
  router.route('/api/backup').get(backingUp(services.backUp, keeperOf)).all(onlyAllow('GET, HEAD'));
  return router;
}

const plainly =
  (answer: () => Reply | Promise<Reply>) =>
  ({ req }: Asked) => {
    noParameters(req);
    return answer();
  };

function addSources(router: Router, { services, options, jobs }: SettingsParts, kept: Answering): void {
  const { sourceList } = services;
  const nameOf = (req: Request): string => wildcard(req.params['name']);
  router
    .route('/api/sources')
    .get(
      answering(options.requestTimeoutMs, async (req) => {
        noParameters(req);
        const sources: SourcesJson = {
          sources: await sourceList.list(),
          kinds: sourceList.kinds,
          nextSync: services.nextSync()?.toISOString() ?? null,
        };
        return { body: sources };
      }),
    )
    .post(
      kept(async ({ req, res }) => {
        const source = await sourceList.add(await sourceRequest(req, res));
        return { status: 201, headers: { Location: `/api/sources/${encodeURIComponent(source.name)}` }, body: source };
      }),
    )
    .all(onlyAllow('GET, HEAD, POST'));
  router
    .route('/api/sources/*name')
    .patch(
      kept(async ({ req, res }) => {
        const change = await sourceChange(req, res);
        await sourceList.change(nameOf(req), change);
        return { body: { name: nameOf(req), change } };
      }),
    )
    .delete(
      kept(async ({ req }) => {
        noParameters(req);
        await sourceList.change(nameOf(req), 'remove');
        return { body: { removed: nameOf(req) } };
      }),
    )
    .all(onlyAllow('PATCH, DELETE'));
  router
    .route('/api/sync')
    .post(
      kept(async ({ req, res }) => {
        const names = await syncRequest(req, res);
        const known = new Set((await sourceList.list()).map(({ name }) => name));
        const unknown = names.find((name) => !known.has(name));
        if (unknown !== undefined) throw new AppError('SOURCE_NOT_FOUND', { source: unknown });
        const job = jobs.sync(names);
        return { status: 202, headers: { Location: `/api/jobs/${job}` }, body: { job, events: '/api/jobs/events' } };
      }),
    )
    .all(onlyAllow('POST'));
}

function addJobs(router: Router, { jobs }: SettingsParts, kept: Answering, keeperOf: PersonOf): void {
  const listed = (): JobJson[] => jobs.list().slice(0, LISTED_JOBS).map(brief);
  router
    .route('/api/jobs')
    .get(kept(plainly(() => ({ body: { jobs: listed() } }))))
    .all(onlyAllow('GET, HEAD'));
  router
    .route('/api/jobs/events')
    .get((req, res) => {
      keeperOf(req);
      noParameters(req);
      streamAllJobs(req, res, jobs, listed, brief);
    })
    .all(onlyAllow('GET, HEAD'));
  router
    .route('/api/jobs/:job')
    .get(
      kept(({ req }) => {
        noParameters(req);
        const job = wildcard(req.params['job']);
        const found = jobs.find(job);
        if (!found) throw new AppError('JOB_NOT_FOUND', { job });
        return { body: found };
      }),
    )
    .all(onlyAllow('GET, HEAD'));
}

function brief({ summary, sync, ...job }: JobJson): JobJson {
  const first = <T extends { readonly rejected: JobRejections }>(told: T): T => ({
    ...told,
    rejected: told.rejected.slice(0, LISTED_REJECTIONS),
  });
  return {
    ...job,
    ...(summary ? { summary: first(summary) } : {}),
    ...(sync ? { sync: { ...sync, sources: sync.sources.map(first) } } : {}),
  };
}

type JobRejections = NonNullable<JobJson['summary']>['rejected'];

function addPersons(router: Router, { services: { people } }: SettingsParts, kept: Answering): void {
  const named = (req: Request): Person => people.person(wildcard(req.params['name']));
  router
    .route('/api/persons')
    .get(kept(plainly(() => ({ body: { persons: people.persons().map(personJson) } }))))
    .post(
      kept(async ({ req, res }) => {
        const { person, token } = people.add(await personRequest(req, res));
        return { status: 201, body: { person: personJson(people.person(person.name)), token } };
      }),
    )
    .all(onlyAllow('GET, HEAD, POST'));
  router
    .route('/api/persons/:name')
    .delete(
      kept(async ({ req, res }) => {
        const person = named(req);
        await confirmErasing(req, res, person.name);
        people.erase(person);
        return { body: { erased: person.name } };
      }),
    )
    .all(onlyAllow('DELETE'));
  router
    .route('/api/persons/:name/token')
    .post(
      kept(({ req }) => {
        noParameters(req);
        const person = named(req);
        const token = people.renewToken(person);
        return { status: 201, body: { person: personJson(people.person(person.name)), token } };
      }),
    )
    .delete(
      kept(({ req }) => {
        noParameters(req);
        return { body: { revoked: people.revokeToken(named(req)) } };
      }),
    )
    .all(onlyAllow('POST, DELETE'));
}
