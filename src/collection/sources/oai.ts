import { z } from 'zod';
import { kindOf, type Request, since, webAddress } from './contract.ts';
import { firstRequests, harvest, type Harvest, type HarvestCursor, harvestCursor } from './harvest.ts';

const settings = z.strictObject({
  url: webAddress,
  set: z.string().min(1).nullable().default(null),
  prefix: z.string().min(1).default('oai_dc'),
  since,
});
type Settings = z.infer<typeof settings>;

function harvestOf({ settings: { url, set, prefix, since } }: Request<Settings, HarvestCursor>): Harvest {
  return { base: url, prefix, sets: [set ?? ''], from: since };
}

export const oai = kindOf<Settings, HarvestCursor>({
  kind: 'oai',
  about: 'any repository that speaks OAI-PMH',
  argument: 'url',
  settings,
  cursor: harvestCursor,
  name: ({ url }) => new URL(url).hostname,
  describe: ({ url, set }) => (set === null ? url : `${url}, set ${set}`),
  whyEmpty: () => 'the repository has no changes since the last time',
  plan: async (request) => ({ requests: firstRequests(harvestOf(request), request.cursor) }),
  batches: (request) => harvest(request, harvestOf(request)),
});
