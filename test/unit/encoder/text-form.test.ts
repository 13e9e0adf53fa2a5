import { AutoTokenizer, env } from '@huggingface/transformers';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownModel } from '../../../src/encoder/registry.ts';
import { paperText, queryText } from '../../../src/encoder/text-form.ts';

const plain = knownModel('paperkin-minilm');
const e5 = knownModel('Xenova/e5-small-v2');

describe('text of a paper', () => {
  it('is title, full stop, abstract', () => {
    expect(paperText(plain, { title: 'On  graphs\n', abstract: ' We\tcolour them. ' })).toBe(
      'On graphs. We colour them.',
    );
  });

  it('keeps the form the model was measured with after a question', () => {
    expect(paperText(plain, { title: 'Why?', abstract: 'Because.' })).toBe('Why?. Because.');
  });

  it('is the one there is when the other is empty', () => {
    expect(paperText(plain, { title: 'Why?', abstract: '  ' })).toBe('Why?');
    expect(paperText(plain, { title: '', abstract: 'Because.' })).toBe('Because.');
    expect(paperText(plain, { title: '', abstract: '' })).toBe('');
  });

  it('carries the prefixes of its model', () => {
    expect(paperText(e5, { title: 'Why', abstract: 'Because' })).toBe('passage: Why. Because');
    expect(queryText(e5, ' why ')).toBe('query: why');
  });

  it('holds no halves of surrogate pairs, even where it is cut', () => {
    expect(queryText(plain, 'a\ud800b\udc00 \ufffdc')).toBe('ab c');
    for (const offset of ['', 'x'])
      expect(queryText(plain, offset + '🧪'.repeat(10_000))).not.toMatch(/\p{Surrogate}/u);
  });
});

describe('the cut before tokenising', () => {
  it('does not change the tokens kept', async () => {
    env.allowRemoteModels = false;
    env.localModelPath = 'models/';
    const tokenizer = await AutoTokenizer.from_pretrained('paperkin-minilm');
    const tokens = (text: string): string[] =>
      [...tokenizer(text, { truncation: true, max_length: plain.maxTokens }).input_ids.data].map(String);
    const prose = readFileSync('models/paperkin-minilm/README.md', 'utf8').replaceAll('\ufffd', '');
    const texts = [
      prose,
      prose.slice(900),
      prose
        .split(/(?<=\s)/)
        .reverse()
        .join(''),
      'a b c d e f g h '.repeat(60),
      '\u0001 \u0301 \u200b '.repeat(200) + prose,
      '深度 学习 '.repeat(300),
      'α-β ≤ γ→δ '.repeat(100),
    ];
    for (const text of texts) {
      const cut = queryText(plain, text);
      expect(cut.length).toBeLessThan(text.length);
      expect(tokens(cut)).toEqual(tokens(text));
    }
  });
});
