import { describe, expect, it } from 'vitest';
import { Postings } from '../../../src/engine/embedded/postings.ts';
import { createTokeniser } from '../../../src/engine/embedded/tokenise.ts';

/** Ways to write one thing; each must find each. */
const SPELLINGS: readonly (readonly string[])[] = [
  ['GPT-4', 'GPT4', 'gpt 4', 'GPT‑4'],
  ['C++', 'c++'],
  ['C#', 'c#'],
  ['F#', 'f#'],
  ['.NET', '.net'],
  ['H2O', 'H₂O', 'H_2O', '$H_2O$', '$\\mathrm{H}_2\\mathrm{O}$'],
  ['3-SAT', '3SAT', '3 SAT'],
  ['k-means', 'k means', 'K-Means', '$k$-means'],
  ['k-means', 'kmeans'],
  ['σ-algebra', 'sigma-algebra', '$\\sigma$-algebra', 'sigma algebra'],
  ['α-stable', 'alpha-stable', '$\\alpha$-stable'],
  ['ε-greedy', 'epsilon-greedy', '$\\varepsilon$-greedy'],
  ['$L_2$', 'L2', 'L_{2}', '$\\ell_2$', 'ℓ2', 'ℓ_2'],
  ['ℓ1', 'L1', '$\\ell_1$', '$L^1$'],
  ['\\mathcal{O}(n\\log n)', 'O(n log n)', '$O(n \\log n)$'],
  ['naïve', 'naive', 'na\\"{\\i}ve', 'na{\\"i}ve'],
  ['Erdős–Rényi', 'Erdos-Renyi', 'Erdos Renyi', "Erd\\H{o}s-R\\'enyi", "Erd{\\H o}s--R{\\'e}nyi"],
  ['Schr{\\"o}dinger', 'Schrödinger', 'Schrodinger', 'Schr\\"odinger'],
  ['{\\L}ojasiewicz', 'Łojasiewicz', 'Lojasiewicz'],
  ['A*', 'A$^*$', 'A^*'],
  ['p-value', 'p value', '$p$-value', 'p-values'],
  ["BERT's", 'BERT', 'BERT’s'],
  ['U-Net', 'UNet', 'U-Nets'],
  ['U-Net', 'U Net'],
  ['COVID-19', 'COVID19', 'COVID 19'],
  ['x86-64', 'x86_64', 'x86 64'],
  ['i.i.d.', 'iid', 'IID', 'i.i.d'],
  ['S&P 500', 'S&P500', 'S\\&P 500'],
  ['AT&T', 'ATT', 'AT\\&T'],
  ['R&D', 'R\\&D'],
  ['Q-learning', 'Q learning', '$Q$-learning'],
  ['Q-learning', 'Qlearning'],
  ['word2vec', 'Word2Vec'],
  ['YOLOv3', 'YOLO v3', 'YOLO-v3'],
  ['GPT-3.5', 'GPT3.5', 'gpt 3.5'],
  ['ResNet-50', 'ResNet50', 'ResNet 50'],
  ['5G', '5g'],
  ['3D', '3-D'],
  ['1/f noise', '$1/f$ noise'],
  ['LLM', 'LLMs', 'LLM’s'],
  ['dataset', 'data-set', 'datasets'],
  ['behaviour', 'behavior', 'behaviours'],
  ['behavioural', 'behavioral'],
  ['colour', 'color', 'coloured', 'colored'],
  ['neighbourhood', 'neighborhood'],
  ['modelling', 'modeling', 'modelled', 'modeled'],
  ['generalise', 'generalize', 'generalisation', 'generalization'],
  ['optimise', 'optimize', 'optimising'],
  ['analyse', 'analyze', 'analysed'],
  ['tumour', 'tumor'],
  ['centre', 'center', 'centred', 'centering'],
  ['fibre', 'fiber', 'fibres'],
  ['catalogue', 'catalog', 'catalogued'],
  ['dialogue', 'dialog', 'dialogues'],
  ['programme', 'program', 'programmes'],
  ['leukaemia', 'leukemia'],
  ['oesophagus', 'esophagus'],
  ['artefact', 'artifact'],
  ['grey', 'gray'],
  ['defence', 'defense'],
  ['sulphur', 'sulfur'],
  ['matrices', 'matrix'],
  ['vertices', 'vertex'],
  ['hypotheses', 'hypothesis'],
  ['criteria', 'criterion'],
];

const TEXTS = ['Owls hunt voles at dusk.', 'Moths circle lamps.', 'Rivers freeze from the banks.', 'Ice drifts south.'];

function finds(query: string, text: string): boolean {
  const postings = new Postings();
  postings.upsert([text, ...TEXTS].map((abstract, key) => ({ key, title: '', abstract: `We saw: ${abstract}` })));
  return postings.search({ query, lastWord: 'whole', k: 1 }).keys[0] === 0;
}

describe('spellings of one thing', () => {
  it.each(SPELLINGS.map((spellings) => [spellings[0] ?? '', spellings] as const))(
    '%s is found by each',
    (_, spellings) => {
      const missed = spellings.flatMap((text) =>
        spellings.filter((query) => !finds(query, text)).map((query) => [query, text]),
      );
      expect(missed).toEqual([]);
    },
  );

  it.each([
    ['precise', 'precision'],
    ['supervise', 'supervision'],
    ['revise', 'revision'],
    ['noise', 'noises'],
    ['disease', 'diseases'],
    ['promise', 'promising'],
  ])('keeps %s and %s together, though they end as British words do', (one, other) => {
    const { terms } = createTokeniser();
    expect(terms(one)).toEqual(terms(other));
  });

  it.each([
    ['hour', 'hor'],
    ['four', 'for'],
    ['prise', 'prize'],
    ['acre', 'acer'],
    ['here', 'heer'],
    ['T5', '5'],
  ])('keeps %s and %s apart', (one, other) => {
    const { terms } = createTokeniser();
    expect(terms(one)).not.toEqual(terms(other));
  });

  it('finds the exact number before the other one', () => {
    const postings = new Postings();
    const abstracts = ['a sparse matrix', 'some sparse matrices', ...TEXTS];
    postings.upsert(abstracts.map((abstract, key) => ({ key, title: '', abstract })));
    expect([...postings.search({ query: 'matrices', lastWord: 'whole', k: 9 }).keys]).toEqual([1, 0]);
  });
});
