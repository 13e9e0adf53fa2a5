import { describe, expect, it } from 'vitest';
import { markdown } from '../../../src/collection/markdown.ts';
import { MARKER } from '../../../src/collection/markdown-text.ts';
import { collectUntil, papersIn, readAs, rejectionsIn } from './reading.ts';

const COMMENT = '<!-- paperkin {"id":"P1","authors":["Ada Lovelace"],"year":1843} -->';

const read = async (...lines: string[]) => readAs(markdown, [MARKER, '', ...lines].join('\n'));

describe('markdown', () => {
  it('is recognised by its first line alone', () => {
    expect(markdown.recognises(`${MARKER}\n\n## A\n`)).toBe(true);
    expect(markdown.recognises('# Notes\n\n## A\n')).toBe(false);
  });

  it('takes title and abstract from the text, and the rest from the comment', async () => {
    const readings = await read('## On Engines', '', 'Somebody Else · 1900', '', COMMENT, '', 'They weave.');
    expect(readings).toMatchObject([
      { kind: 'paper', line: 3, paper: { id: 'P1', title: 'On Engines', abstract: 'They weave.', year: 1843 } },
    ]);
  });

  it('lets corrections of a title or an abstract count, even against the comment', async () => {
    const comment = COMMENT.replace('"year"', '"title":"Old","abstract":"Old","year"');
    const [paper] = papersIn(
      await read('## New \\*title\\*', '', comment, '', 'A first line', 'and a second.', '', '$x_1$'),
    );
    expect(paper).toMatchObject({ title: 'New *title*', abstract: 'A first line and a second. $x_1$' });
  });

  it('reads a paper that a person wrote without a comment', async () => {
    const [paper] = papersIn(await read('##  By Hand ', 'It has an abstract.'));
    expect(paper).toMatchObject({ title: 'By Hand', abstract: 'It has an abstract.', authors: [] });
  });

  it('passes over what stands before the first heading, and other headings', async () => {
    const readings = await read('# My papers', 'words', '', '## A', '', '### a part', 'of it');
    expect(papersIn(readings)).toMatchObject([{ title: 'A', abstract: '### a part of it' }]);
  });

  it('leaves mathematics alone and takes the escapes of the rest away', async () => {
    const [paper] = papersIn(await read('## $\\alpha_1 \\{x\\}$ costs \\$5', COMMENT, '5\\. \\<i> a\\_b \\\\ \\$'));
    expect(paper).toMatchObject({ title: '$\\alpha_1 \\{x\\}$ costs $5', abstract: '5. <i> a_b \\ $' });
  });

  it('rejects a section with its line where the comment or a field is wrong, and reads on', async () => {
    const readings = await read(
      ...[
        '## A',
        '<!-- paperkin {"id": -->',
        '## B',
        '<!-- paperkin {"id":} -->',
        '## C',
        '<!-- paperkin {"year":"soon"} -->',
      ],
      ...['##  ', 'no title', '## D', 'good'],
    );
    expect(rejectionsIn(readings)).toEqual([
      expect.stringMatching(/^3: the comment is not JSON: /),
      expect.stringMatching(/^5: the comment is not JSON: /),
      '7: year must be a number, found the text "soon"',
      '9: title is empty',
    ]);
    expect(papersIn(readings).map(({ title }) => title)).toEqual(['D']);
  });

  it('rejects a paper that is larger than a record may be, and reads on', async () => {
    const endless = Array.from({ length: 3000 }, () => 'x'.repeat(2000));
    const readings = await read('## Long', ...endless, '## Wide', 'y'.repeat(5_000_000), '## Good', 'text');
    expect(rejectionsIn(readings)).toEqual([
      '3: the paper is longer than 4194304 characters',
      '3004: the line is longer than 4194304 bytes',
    ]);
    expect(papersIn(readings)).toMatchObject([{ title: 'Good' }]);
  });

  it('gives no paper that damage cut in the middle', async () => {
    async function* damaged() {
      yield Buffer.from(`${MARKER}\n\n## A\n\nwhole\n\n## B\n\nhal`);
      throw new Error('unexpected end of file');
    }
    const content = { file: 'papers.md', chunks: damaged(), maxRecordBytes: 1000, columns: {} };
    const { values, thrown } = await collectUntil(markdown.read(content));
    expect(papersIn(values).map(({ title }) => title)).toEqual(['A']);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { file: 'papers.md', line: 9 } });
  });
});
