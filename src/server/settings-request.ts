import type { Request, Response } from 'express';
import { z } from 'zod';
import { SOURCE_OPTIONS } from '../domain/mod.ts';
import { SOURCE_CHANGES, type SourceChange, type WantedSource } from '../indexing/mod.ts';
import { invalidRequest } from './problem.ts';
import { body, bodyAs } from './request.ts';

const MAX_SETTING_CHARACTERS = 2_000;
const MAX_NAMES = 1_000;

const setting = z
  .string('must be a text')
  .max(MAX_SETTING_CHARACTERS, `must have at most ${MAX_SETTING_CHARACTERS} characters`);

const options = Object.fromEntries(SOURCE_OPTIONS.map((option) => [option, setting.optional()]));
const SourceBody = body({
  kind: setting,
  argument: setting.optional(),
  name: setting.optional(),
  settings: z.strictObject(options, 'must be an object of texts').default({}),
});
const ChangeBody = body({ change: z.enum(SOURCE_CHANGES, `must be one of ${SOURCE_CHANGES.join(', ')}`) });
const SyncBody = body({
  names: z.array(setting, 'must be a list of names').max(MAX_NAMES, `must have at most ${MAX_NAMES} names`).default([]),
});
const PersonBody = body({ name: z.string('must be a name') });
const EraseBody = body({ name: z.string('must be the name of the person to erase') });

/** Throws INVALID_REQUEST, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, as all of these. */
export async function sourceRequest(req: Request, res: Response): Promise<WantedSource> {
  const { settings, ...rest } = await bodyAs(SourceBody, req, res);
  const given = Object.entries(settings).filter(([, value]) => value !== undefined && value !== '');
  // Private addresses are let in on the command line only: else a server would be a way into the network it stands in.
  return { ...rest, settings: Object.fromEntries(given), allowPrivateNetwork: false };
}

export const sourceChange = async (req: Request, res: Response): Promise<SourceChange> =>
  (await bodyAs(ChangeBody, req, res)).change;

export const syncRequest = async (req: Request, res: Response): Promise<readonly string[]> =>
  (await bodyAs(SyncBody, req, res)).names;

export const personRequest = async (req: Request, res: Response): Promise<string> =>
  (await bodyAs(PersonBody, req, res)).name;

/** Throws INVALID_REQUEST unless the body names the person that is to be erased. */
export async function confirmErasing(req: Request, res: Response, name: string): Promise<void> {
  const confirmed = await bodyAs(EraseBody, req, res);
  if (confirmed.name !== name) {
    throw invalidRequest([{ field: 'name', message: `must be "${name}", whom the request is of: nothing was erased` }]);
  }
}
