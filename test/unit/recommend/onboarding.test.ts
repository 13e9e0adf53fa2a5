import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../src/domain/mod.ts';
import { type Recommended, recommending, subjectOf, subjectPaper, subjectPapers } from '../../support/recommending.ts';
import { SUBJECTS } from '../../support/subject-encoder.ts';

type Request = Parameters<Recommended['onboarding']>[0];
const EVERYTHING = { clauses: [] };

const asks = ({ onboarding, person }: Recommended, more: Partial<Request> = {}) =>
  onboarding({ person, k: 6, filter: EVERYTHING, ...more });
const idsAsked = async (reader: Recommended, more: Partial<Request> = {}): Promise<string[]> =>
  (await asks(reader, more)).map(({ paper }) => paper.id);

describe('papers to ask a new person about', () => {
  it('stand for the different parts of the library, and say for how much', async () => {
    const reader = await recommending([
      ...subjectPapers(10),
      ...Array.from({ length: 30 }, (_, i) => subjectPaper('violin', 50 + i)),
    ]);
    const asked = await asks(reader);
    expect(new Set(asked.map(({ paper }) => subjectOf(paper.id)))).toEqual(new Set(SUBJECTS));
    expect(asked.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    const violins = asked.find(({ paper }) => subjectOf(paper.id) === 'violin');
    for (const { share } of asked) expect(share).toBeLessThanOrEqual(violins?.share ?? 0);
    expect(await asks(reader)).toEqual(asked);
  });

  it('pass the filter', async () => {
    const told = subjectPapers(10).map((each, at) => ({ ...each, categories: at % 2 ? ['cs.LG'] : ['q-bio.NC'] }));
    const asked = await asks(await recommending(told), { filter: parseFilter('category:q-bio') });
    expect(asked).toHaveLength(6);
    for (const { paper } of asked) expect(paper.categories).toEqual(['q-bio.NC']);
  });

  it('answer the text, which may be signs alone', async () => {
    const reader = await recommending(subjectPapers(10));
    const [first = ''] = await idsAsked(reader, { text: 'one glacier and its place', k: 1 });
    expect(subjectOf(first)).toBe('glacier');
    expect(await idsAsked(reader, { text: '  ' })).toEqual(await idsAsked(reader));
    expect(await idsAsked(reader, { text: '?!' })).toEqual(await idsAsked(reader));
  });

  it('are none that were saved, liked or dismissed, withdrawn, or without an abstract', async () => {
    const reader = await recommending([
      ...subjectPapers(1),
      subjectPaper('beetle', 50, { abstract: '' }),
      subjectPaper('beetle', 51, { withdrawn: true }),
    ]);
    reader.desk.save(['volcano:0']);
    reader.desk.tell(['orchid:0'], 'like');
    reader.desk.tell(['harbour:0'], 'not-this-paper');
    reader.desk.tell(['glacier:0'], 'not-this-kind');
    expect((await idsAsked(reader, { k: 50 })).toSorted()).toEqual(['beetle:0', 'violin:0']);
  });

  it('turn from what is known to what is not sure', async () => {
    const edge = Array.from({ length: 5 }, (_, at) =>
      subjectPaper('beetle', 500 + at, { abstract: `A beetle, a beetle by a volcano, and a volcano in spring ${at}.` }),
    );
    const reader = await recommending([...subjectPapers(10, ['volcano', 'harbour']), ...edge]);
    reader.desk.save(['volcano:0', 'volcano:1', 'volcano:2']);
    expect(await idsAsked(reader, { k: 1 })).toEqual([expect.stringMatching(/^beetle/)]);
  });

  it('are none of an empty library', async () => {
    expect(await asks(await recommending([]))).toEqual([]);
  });
});
