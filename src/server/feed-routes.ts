import { Router } from 'express';
import type { ServerServices } from './contract.ts';
import {
  feedRequest,
  interestRequest,
  mergeRequest,
  onboardingRequest,
  settingsRequest,
  shownRequest,
  trendingRequest,
} from './feed-request.ts';
import { type PersonParts, theirs } from './person-routes.ts';
import { answering } from './reply.ts';
import { noParameters } from './request.ts';
import { onlyAllow, wildcard } from './routing.ts';

export interface FeedParts extends Omit<PersonParts, 'services'> {
  readonly services: PersonParts['services'] & Pick<ServerServices, 'recommending' | 'readiness'>;
  /** Throws NOT_READY while papers may be missing. */
  readonly requireReady: () => void;
}

/** What is recommended, and the profile that it follows from. */
export function feedRoutes(parts: FeedParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  addFeed(router, parts);
  addProfile(router, parts);
  addInterests(router, parts);
  return router;
}

function addFeed(router: Router, parts: FeedParts): void {
  const { options, requireReady, services } = parts;
  const { recommending } = services;
  router
    .route('/api/feed')
    .get(
      theirs(parts)(async ({ req, person }) => {
        requireReady();
        return { body: await recommending.feed({ ...feedRequest(req), person }) };
      }),
    )
    .all(onlyAllow('GET, HEAD'));
  router
    .route('/api/feed/shown')
    .post(
      theirs(parts)(async ({ req, res, person }) => {
        const { ids, place } = await shownRequest(req, res);
        await recommending.shown(person, ids, place);
        return { body: { shown: ids.length } };
      }),
    )
    .all(onlyAllow('POST'));
  router
    .route('/api/onboarding')
    .get(
      theirs(parts)(async ({ req, person }) => {
        requireReady();
        return { body: { papers: await recommending.onboarding({ ...onboardingRequest(req), person }) } };
      }),
    )
    .all(onlyAllow('GET, HEAD'));
  router
    .route('/api/trending')
    .get(answering(options.requestTimeoutMs, (req) => ({ body: recommending.trending(trendingRequest(req)) })))
    .all(onlyAllow('GET, HEAD'));
}

function addProfile(router: Router, parts: FeedParts): void {
  const { requireReady, services } = parts;
  const { recommending } = services;
  router
    .route('/api/profile')
    .get(
      theirs(parts)(async ({ req, person }) => {
        noParameters(req);
        requireReady();
        return { body: await recommending.profile(person) };
      }),
    )
    .patch(
      theirs(parts)(async ({ req, res, person }) => {
        const { diversity } = await settingsRequest(req, res);
        recommending.setDiversity(person, diversity);
        return { body: await recommending.profile(person) };
      }),
    )
    .all(onlyAllow('GET, HEAD, PATCH'));
  router
    .route('/api/profile/reset')
    .post(
      theirs(parts)(async ({ req, person }) => {
        noParameters(req);
        recommending.reset(person);
        return { body: await recommending.profile(person) };
      }),
    )
    .all(onlyAllow('POST'));
}

function addInterests(router: Router, parts: FeedParts): void {
  const { recommending } = parts.services;
  router
    .route('/api/profile/interests/:id')
    .patch(
      theirs(parts)(async ({ req, res, person }) => {
        await recommending.change(person, wildcard(req.params['id']), await interestRequest(req, res));
        return { body: await recommending.profile(person) };
      }),
    )
    .delete(
      theirs(parts)(async ({ req, person }) => {
        noParameters(req);
        await recommending.change(person, wildcard(req.params['id']), { deleted: true });
        return { body: await recommending.profile(person) };
      }),
    )
    .all(onlyAllow('PATCH, DELETE'));
  router
    .route('/api/profile/interests/:id/merge')
    .post(
      theirs(parts)(async ({ req, res, person }) => {
        const { from } = await mergeRequest(req, res);
        await recommending.merge(person, wildcard(req.params['id']), from);
        return { body: await recommending.profile(person) };
      }),
    )
    .all(onlyAllow('POST'));
}
