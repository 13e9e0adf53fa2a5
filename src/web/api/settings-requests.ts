import type { JobJson, PersonJson, SourcesJson } from '../../domain/mod.ts';
import { isRecord, type Request } from './requests.ts';

export interface Persons {
  readonly persons: readonly PersonJson[];
}

/** A person with a token that is told this once. */
export interface WithToken {
  readonly person: PersonJson;
  readonly token: string;
}

const isSources = (body: unknown): body is SourcesJson => isRecord(body) && Array.isArray(body['sources']);
const isPersons = (body: unknown): body is Persons => isRecord(body) && Array.isArray(body['persons']);
const isPerson = (body: unknown): body is PersonJson => isRecord(body) && typeof body['isDefault'] === 'boolean';
export const isWithToken = (body: unknown): body is WithToken => isRecord(body) && typeof body['token'] === 'string';
export const isJob = (body: unknown): body is JobJson => isRecord(body) && typeof body['job'] === 'string';
export const isJobs = (body: unknown): body is readonly JobJson[] => Array.isArray(body) && body.every(isJob);

export const sourcesRequest: Request<SourcesJson> = { url: '/api/sources', reads: isSources };
export const personsRequest: Request<Persons> = { url: '/api/persons', reads: isPersons };
export const personRequest: Request<PersonJson> = { url: '/api/person', reads: isPerson };
