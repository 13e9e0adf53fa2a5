import { describe, expect, it } from 'vitest';
import { formatFilter } from '../../../src/domain/mod.ts';
import { readQuery } from '../../../src/retrieval/query.ts';

const read = (typed: string): readonly [text: string, filter: string] => {
  const { text, filter } = readQuery(typed);
  return [text, formatFilter(filter)];
};

describe('a phrase', () => {
  it.each([
    ['"graph neural network" pooling', 'graph neural network pooling', 'text:"graph neural network"'],
    ['pooling “graph neural network”', 'pooling graph neural network', 'text:"graph neural network"'],
    ['«réseau de neurones», owls', 'réseau de neurones , owls', 'text:"réseau de neurones"'],
    ['("moth lamps") owls', 'moth lamps ) owls', 'text:"moth lamps"'],
    ['"moth" "lamp"', 'moth lamp', 'text:moth text:lamp'],
    ['say "a \\ b"', 'say a \\ b', 'text:"a \\\\ b"'],
  ])('%s', (typed, text, filter) => {
    expect(read(typed)).toEqual([text, filter]);
    expect(readQuery(typed).phrases.length).toBeGreaterThan(0);
  });

  it.each([
    'the 5" display and a 7" panel',
    'moths "at lamps',
    'moths at lamps"',
    'moths"at"lamps',
    '"moths"at lamps',
    '“moths at lamps',
    "the moths' lamps",
  ])('is none where the marks are no pair around words: %s', (typed) => {
    expect(read(typed)).toEqual([typed, '']);
  });

  it('of nothing is nothing', () => {
    expect(read('moths "" at “ ” lamps ""')).toEqual(['moths at lamps', '']);
    expect(read('""')).toEqual(['', '']);
  });
});

describe('an exclusion', () => {
  it.each([
    ['owls -survey', 'owls', '-text:survey'],
    ['-survey owls', 'owls', '-text:survey'],
    ['owls -survey, -C++ -GPT-4.', 'owls', '-text:survey -text:C++ -text:GPT-4'],
    ['owls -"a survey of" voles', 'owls voles', '-text:"a survey of"'],
    ['owls -“a survey” -3D', 'owls', '-text:"a survey" -text:3D'],
    ['-survey', '', '-text:survey'],
    ['owls -title:moth -year:2020', 'owls', '-title:moth -year:2020'],
  ])('%s', (typed, text, filter) => {
    expect(read(typed)).toEqual([text, filter]);
    expect(readQuery(typed).phrases).toEqual([]);
  });

  it.each([
    'pre-training of owls',
    'owls - a survey',
    'owls -- a survey',
    'owls --survey',
    'owls –survey',
    'melting at -5 degrees',
    'the kernel $x -y$ of owls',
    'what has no minus -',
  ])('is none in %s', (typed) => {
    expect(read(typed)).toEqual([typed, '']);
  });
});

describe('a field', () => {
  it.each([
    ['capsules author:Hinton', 'capsules', 'author:Hinton'],
    ['capsules author:"Geoffrey Hinton" author:Sabour', 'capsules', 'author:"Geoffrey Hinton" author:Sabour'],
    ['capsules author:“Geoffrey Hinton”', 'capsules', 'author:"Geoffrey Hinton"'],
    ['year>=2020 owls', 'owls', 'year>=2020'],
    ['owls YEAR:2018..2020 -has:abstract', 'owls', 'year:2018..2020 -has:abstract'],
    ['owls year:2020..', 'owls', 'year>=2020'],
    ['owls category:cs.CL venue:NeurIPS source:zoo', 'owls', 'category:cs.CL venue:NeurIPS source:zoo'],
    ['title:"moths at" lamps', 'moths at lamps', 'title:"moths at"'],
    ['title:moths lamps', 'moths lamps', 'title:moths'],
    ['author:Hinton', '', 'author:Hinton'],
  ])('%s', (typed, text, filter) => {
    expect(read(typed)).toEqual([text, filter]);
  });

  it.each([
    'CLIP: learning from captions',
    'time: 5 seconds of owls',
    'title: owls',
    'year:soon owls',
    'owls year:2021..2020',
    'has:wings owls',
    'owls colour:red',
    'owls in http://example.org/year:2020 here',
    'author: Hinton',
    'subtitle:owls of the north',
    'author:"Hinton',
  ])('is none in %s', (typed) => {
    expect(read(typed)).toEqual([typed, '']);
  });

  it('is read in a long question as well, but quotation marks and minus signs there are prose', () => {
    const question =
      'what did "we" ever learn of owls that hunt their voles at dusk near lamps -say in winter year>=2020';
    expect(read(question)[1]).toBe('year>=2020');
  });
});

describe('a pasted text', () => {
  const abstract =
    'We study owls that "hunt" voles. The owl -bird or not- hears them. Its hearing, as year:2020 told, is exactly as ' +
    '"quoted" by others -but only at dusk. We show that lamps do not help them and that moths do not mind. Results follow.';

  it('says nothing of conditions', () => {
    expect(readQuery(abstract)).toMatchObject({ form: 'abstract', filter: { clauses: [] } });
    expect(readQuery(`I want what says: ${abstract}`)).toMatchObject({ form: 'question', filter: { clauses: [] } });
  });

  it.each([
    ['of many exclusions', '-a1 '.repeat(25_000)],
    ['of many quotation marks', '"a '.repeat(33_000)],
    ['of many unclosed marks', '“a „'.repeat(25_000)],
    ['of one word', 'a'.repeat(100_000)],
    ['of dots', '. '.repeat(50_000)],
    ['of accents', '\u0301'.repeat(100_000)],
  ])('%s is a text like any other', (_, text) => {
    expect(readQuery(text)).toMatchObject({ text: text.trim(), filter: { clauses: [] } });
  });
});

describe('the form', () => {
  it.each([
    ['arXiv:1706.03762v5', 'id'],
    ['https://doi.org/10.1000/XYZ', 'id'],
    ['DOI: 10.1000/xyz', 'id'],
    ['https://example.org/owls', 'id'],
    ['graph neural networks', 'keywords'],
    ['contrastive learning, vision, self-supervision', 'keywords'],
    ['Computer Vision: Segmentation, Machine Learning: Online Learning', 'keywords'],
    ['how do owls hear voles', 'question'],
    ['what is attention', 'question'],
    ['papers about owls', 'question'],
    ['I am looking for a method that finds voles', 'question'],
    ['a paper where owls hunt at dusk', 'question'],
    ['anything on owls of the north?', 'question'],
    ['We show that owls hear voles under the snow.', 'statement'],
    ['Attention Is All You Need', 'title'],
    ['On the hearing of owls in the snow of the north', 'title'],
    ['Owls hunt voles at dusk. '.repeat(12), 'abstract'],
  ])('of %s is %s', (typed, form) => {
    expect(readQuery(typed).form).toBe(form);
  });

  it('of an id says which', () => {
    expect(readQuery(' https://arxiv.org/abs/1706.03762v5 ').exactId).toBe('arXiv:1706.03762');
    expect(readQuery('owls of 1706.03762').exactId).toBeUndefined();
    expect(readQuery('S2: a text of many words').form).not.toBe('id');
  });

  it.each([
    'arXiv:1706.03762 [cs.CL]',
    'arXiv:1706.03762v5  [cs.CL]  6 Dec 2017',
    'arXiv 1706.03762',
    '1706.03762.',
    '1706.03762,',
    '(arXiv:1706.03762)',
    '(arXiv:1706.03762).',
    '[1706.03762]',
    '"1706.03762"',
    '“1706.03762.”',
    '<https://arxiv.org/abs/1706.03762>',
    'https://arxiv.org/abs/1706.03762.',
    'arXiv:1706.03762 v5',
    'abs/1706.03762',
    'https://www.alphaxiv.org/abs/1706.03762v5',
    'https://ar5iv.labs.arxiv.org/html/1706.03762?x=1#S1',
    'semanticscholar.org/arxiv/1706.03762',
    'https://api.semanticscholar.org/arXiv:1706.03762',
    '１７０６．０３７６２',
    'ａｒＸｉｖ：１７０６．０３７６２',
  ])('of an id with what was pasted along with it is an id: %s', (typed) => {
    expect(readQuery(typed)).toMatchObject({ form: 'id', exactId: 'arXiv:1706.03762', filter: { clauses: [] } });
  });

  it.each([
    ['doi 10.1000/x', 'DOI:10.1000/x'],
    ['DOI: 10.1000/x.', 'DOI:10.1000/x'],
    ['(10.1016/0004-3702(94)90003-5)', 'DOI:10.1016/0004-3702(94)90003-5'],
    ['10.1000/a(b)', 'DOI:10.1000/a(b)'],
    ['ACL P19-1001', 'ACL:P19-1001'],
    ['PMID 12345;', 'PMID:12345'],
    ['abs/hep-th/9901001v2', 'arXiv:hep-th/9901001'],
    ['https://example.org/papers/1234', 'https://example.org/papers/1234'],
    ['https://example.org/pdf/owls/1234567', 'https://example.org/pdf/owls/1234567'],
    ['<https://example.org/owls>,', 'https://example.org/owls'],
  ])('of %s is the id %s', (typed, exactId) => {
    expect(readQuery(typed)).toMatchObject({ form: 'id', exactId });
  });

  it.each([
    'ACL injuries',
    'arXiv papers',
    'doi resolution',
    '(attention)',
    '[cs.CL]',
    'owls [cs.CL]',
    'GPT v3',
    'papers/1234',
    'arXiv:1706.03762 is on attention',
    '1706.03762, 1810.04805',
  ])('of words around or beside no id is not one: %s', (typed) => {
    expect(readQuery(typed).exactId).toBeUndefined();
  });

  it('of an id with conditions is an id, and the conditions hold', () => {
    const { form, exactId, filter, text } = readQuery('1706.03762 year:2017 -has:doi');
    expect([form, exactId, text]).toEqual(['id', 'arXiv:1706.03762', '1706.03762']);
    expect(formatFilter(filter)).toBe('year:2017 -has:doi');
  });

  it('is judged without the conditions', () => {
    expect(readQuery('graph networks -survey author:"Ada Lovelace" year>=2020').form).toBe('keywords');
  });
});

it('full-width letters and digits are read as all others, and nothing else changes its look', () => {
  expect(readQuery('ｔｒａｎｓｆｏｒｍｅｒ ＧＰＴ４').text).toBe('transformer GPT4');
  expect(read('attention ｙｅａｒ:２０１７')).toEqual(['attention', 'year:2017']);
  expect(readQuery('图神经网络：综述，ＢＥＲＴ').text).toBe('图神经网络：综述，BERT');
  for (const typed of ['x² + ½', '$x^2$ ﬁne ℓ₁', 'H₂O ①', 'ｶﾅ', 'naïve ʻokina'])
    expect(readQuery(typed).text).toBe(typed);
});

it('knows whether the last word may still become another', () => {
  const finished = (typed: string): boolean => readQuery(typed).isFinished;
  expect(['owls', 'owls -x vol', 'owls '].map(finished)).toEqual([false, false, true]);
  expect(['owls -survey', 'owls year:2020', '"owls"'].map(finished)).toEqual([true, true, true]);
});
