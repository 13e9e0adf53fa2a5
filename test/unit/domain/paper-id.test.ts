import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPaperId, idsOf, parsePaperId, type IdScheme } from '../../../src/domain/mod.ts';

const CASES: ReadonlyArray<readonly [string, IdScheme, string, number?]> = [
  ['1706.03762', 'arxiv', '1706.03762'],
  [' arXiv:1706.03762v5 ', 'arxiv', '1706.03762', 5],
  ['ARXIV: 0704.0001', 'arxiv', '0704.0001'],
  ['hep-th/9901001', 'arxiv', 'hep-th/9901001'],
  ['arXiv:math.GT/0309136v1', 'arxiv', 'math/0309136', 1],
  ['cond-mat.mes-hall/0001001', 'arxiv', 'cond-mat/0001001'],
  ['https://arxiv.org/abs/1706.03762v5', 'arxiv', '1706.03762', 5],
  ['http://export.arxiv.org/pdf/hep-th/9901001v2.pdf', 'arxiv', 'hep-th/9901001', 2],
  ['https://www.arxiv.org/html/1706.03762v5?x=1#S1', 'arxiv', '1706.03762', 5],
  ['arxiv.org/abs/1706.03762', 'arxiv', '1706.03762'],
  ['https://huggingface.co/papers/1706.03762', 'arxiv', '1706.03762'],
  ['10.48550/arXiv.1706.03762', 'arxiv', '1706.03762'],
  ['https://doi.org/10.48550/arXiv.1706.03762', 'arxiv', '1706.03762'],
  ['10.1145/3292500.3330701', 'doi', '10.1145/3292500.3330701'],
  ['DOI: 10.1000/ABC', 'doi', '10.1000/abc'],
  ['doi:https://doi.org/10.1000/ABC', 'doi', '10.1000/abc'],
  ['https://dx.doi.org/10.1000/ABC', 'doi', '10.1000/abc'],
  ['doi.org/10.1000/ABC', 'doi', '10.1000/abc'],
  ['10.1000.10/123', 'doi', '10.1000.10/123'],
  [
    '10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O',
    'doi',
    '10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o',
  ],
  [
    'https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O',
    'doi',
    '10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o',
  ],
  ['https://doi.org/10.1000/50%', 'doi', '10.1000/50%'],
  ['https://doi.org/10.1000/a%23b', 'doi', '10.1000/a#b'],
  ['ACL:p19-1001', 'acl', 'P19-1001'],
  ['acl:2020.ACL-main.1', 'acl', '2020.acl-main.1'],
  ['https://aclanthology.org/2021.acl-long.24/', 'acl', '2021.acl-long.24'],
  ['https://www.aclweb.org/anthology/P19-1001v2.pdf', 'acl', 'P19-1001'],
  ['OpenReview: B1-Hhnslg', 'openreview', 'B1-Hhnslg'],
  ['https://openreview.net/forum?id=B1-Hhnslg&noteId=x', 'openreview', 'B1-Hhnslg'],
  ['https://openreview.net/pdf?id=%20B1-Hhnslg', 'openreview', 'B1-Hhnslg'],
  ['PMID:0012345', 'pmid', '12345'],
  ['https://pubmed.ncbi.nlm.nih.gov/12345/', 'pmid', '12345'],
  ['CorpusId:13756489', 's2', '13756489'],
  ['S2:204E3073870FAE3D05BCBC2F6A8E263D9B72E776', 's2', '204e3073870fae3d05bcbc2f6a8e263d9b72e776'],
  [
    'https://www.semanticscholar.org/paper/Attention/204e3073870fae3d05bcbc2f6a8e263d9b72e776',
    's2',
    '204e3073870fae3d05bcbc2f6a8e263d9b72e776',
  ],
  ['URL:https://example.org/a?b=c#d', 'url', 'https://example.org/a?b=c'],
  ['HTTPS://Example.org', 'url', 'https://example.org/'],
  ['https://arxiv.org/list/cs.CL/new', 'url', 'https://arxiv.org/list/cs.CL/new'],
  ['iclr2017:B1-Hhnslg', 'local', 'iclr2017:B1-Hhnslg'],
  ['1', 'local', '1'],
  ['2021.12345', 'local', '2021.12345'],
  ['lecture/1234567', 'local', 'lecture/1234567'],
  ['acl:nonsense', 'local', 'acl:nonsense'],
  ['10.1000/with blank', 'local', '10.1000/with blank'],
  ['title:0123456789abcdef', 'local', 'title:0123456789abcdef'],
  ['ftp://example.org/x', 'local', 'ftp://example.org/x'],
  ['https://', 'local', 'https://'],
  ['', 'local', ''],
];

describe('parsePaperId', () => {
  it.each(CASES.map((row) => [...row] as const))('%s is %s %s', (raw, scheme, value, version) => {
    expect(parsePaperId(raw)).toEqual({ scheme, value, ...(version === undefined ? {} : { version }) });
  });

  it('gives the id back from its formatted spelling', () => {
    const spelling = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc
        .tuple(
          fc.constantFrom(
            'arxiv:',
            'DOI: ',
            'doi:10.1000/',
            'acl:',
            'openreview:',
            'pmid:',
            's2:',
            'url:',
            'https://doi.org/10.1000/',
            'https://openreview.net/forum?id=',
            'arxiv.org/abs/',
          ),
          fc.string(),
        )
        .map((parts) => parts.join('')),
      fc.constantFrom(...CASES.map(([raw]) => raw)),
    );
    fc.assert(
      fc.property(spelling, (raw) => {
        const { scheme, value } = parsePaperId(raw);
        expect(parsePaperId(formatPaperId({ scheme, value }))).toEqual({ scheme, value });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('idsOf', () => {
  it('keeps the first id of each scheme', () => {
    expect(idsOf([parsePaperId('10.1000/a'), parsePaperId('10.1000/b'), parsePaperId('x')])).toEqual({
      doi: '10.1000/a',
      local: 'x',
    });
  });
});
