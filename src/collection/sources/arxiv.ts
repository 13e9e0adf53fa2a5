import { z } from 'zod';
import { kindOf, listOf, type Request, since } from './contract.ts';
import { dayOf, daysBefore, isWeekend } from './days.ts';
import { firstRequests, harvest, type Harvest, type HarvestCursor, harvestCursor } from './harvest.ts';

/** arXiv's groups that are archives themselves: categories are `cs.IR`, sets `cs:cs:IR`. */
const GROUPS = ['cs', 'econ', 'eess', 'math', 'q-bio', 'q-fin', 'stat'];
/** Archives of the group physics: `astro-ph.GA` is in the set `physics:astro-ph:GA`, `hep-th` in `physics:hep-th`. */
const PHYSICS = [
  'astro-ph',
  'cond-mat',
  'gr-qc',
  'hep-ex',
  'hep-lat',
  'hep-ph',
  'hep-th',
  'math-ph',
  'nlin',
  'nucl-ex',
  'nucl-th',
  'physics',
  'quant-ph',
];

/** Archives whose subjects are words, `cond-mat.mes-hall`; the others' are capital letters, and arXiv minds the case. */
const OF_WORDS = new Set(['cond-mat', 'physics']);

/** As arXiv writes it: `cs.ir` is `cs.IR`. */
function asWritten(category: string): string {
  const [archive = '', ...subject] = category.toLowerCase().split('.');
  return [archive, ...subject.map((word) => (OF_WORDS.has(archive) ? word : word.toUpperCase()))].join('.');
}

/** Without a day to begin at: enough to have something, few enough requests to be quick. */
const FIRST_DAYS = 30;

/** The set of a category or of a whole archive; `undefined` where arXiv has no such archive. */
export function setOf(category: string): string | undefined {
  const [archive = '', subject, ...rest] = category.split('.');
  if (rest.length > 0 || (subject !== undefined && !/^[A-Za-z-]+$/.test(subject))) return undefined;
  const set = subject === undefined ? archive : `${archive}:${subject}`;
  if (GROUPS.includes(archive)) return subject === undefined ? archive : `${archive}:${set}`;
  return PHYSICS.includes(archive) ? `physics:${set}` : undefined;
}

const settings = z.strictObject({
  categories: listOf(/[\s,]+/)
    .transform((names) => names.map(asWritten))
    .refine((names) => names.length > 0, 'it takes categories such as cs.IR,cs.CL')
    .refine((names) => names.every((name) => setOf(name) !== undefined), {
      error: `every category is of one of the archives ${[...GROUPS, ...PHYSICS].join(', ')}`,
    })
    .transform((names) => [...new Set(names)].sort()),
  since,
});
type Settings = z.infer<typeof settings>;

function harvestOf({ settings: { categories, since }, bases, clock }: Request<Settings, HarvestCursor>): Harvest {
  const sets = categories.flatMap((category) => setOf(category) ?? []);
  const from = since ?? daysBefore(dayOf(clock.now()), FIRST_DAYS);
  return { base: bases.arxiv, prefix: 'arXivRaw', sets, from };
}

export const arxiv = kindOf<Settings, HarvestCursor>({
  kind: 'arxiv',
  base: 'arxiv',
  about: 'papers of arXiv by category, over OAI-PMH',
  settings,
  cursor: harvestCursor,
  name: () => 'arxiv',
  describe: ({ categories, since }) => categories.join(', ') + (since === null ? '' : ` since ${since}`),
  whyEmpty: (_, now) => (isWeekend(now) ? 'arXiv announces nothing at weekends' : 'arXiv has announced nothing since'),
  plan: async (request) => ({ requests: firstRequests(harvestOf(request), request.cursor) }),
  batches: (request) => harvest(request, harvestOf(request)),
});
