import { describe, expect, it } from 'vitest';
import { withNames } from '../../../src/domain/category-names.ts';

describe('counts of categories', () => {
  it('get the names of arXiv’s codes, in any case, and leave other codes without', () => {
    const counts = ['cs.LG', 'Q-BIO.nc', 'hep-th', 'Zoology'].map((value) => ({ value, papers: 1 }));
    expect(withNames(counts, ({ value }) => value)).toEqual([
      { value: 'cs.LG', papers: 1, label: 'Machine Learning' },
      { value: 'Q-BIO.nc', papers: 1, label: 'Neurons and Cognition' },
      { value: 'hep-th', papers: 1, label: 'High Energy Physics - Theory' },
      { value: 'Zoology', papers: 1 },
    ]);
  });
});
