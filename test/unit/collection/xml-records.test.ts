import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { readElements, rootOf, textIn, textOf, type XmlRecord } from '../../../src/collection/xml-records.ts';
import { collect, collectUntil } from './reading.ts';

interface Reading {
  readonly maxRecordBytes?: number;
  readonly chunkBytes?: number;
  readonly wanted?: readonly string[];
  /** Thrown by the source after all of the text. */
  readonly failure?: Error;
}

async function* chunksOf(text: string, chunkBytes: number, failure?: Error): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  if (failure) throw failure;
}

function elementsOf(text: string, reading: Reading = {}) {
  const { maxRecordBytes = 1_000_000, chunkBytes = 7, wanted = ['r'], failure } = reading;
  const chunks = chunksOf(text, chunkBytes, failure);
  return readElements({ file: 'x.xml', chunks, maxRecordBytes, columns: {} }, new Set(wanted));
}

/** `line: text` of an element, `line! reason` of a rejection. */
function shown(records: readonly XmlRecord[]): string[] {
  return records.map((record) =>
    record.kind === 'element' ? `${record.line}: ${textOf(record.element)}` : `${record.line}! ${record.reason}`,
  );
}

async function shownOf(text: string, reading?: Reading): Promise<string[]> {
  return shown(await collect(elementsOf(text, reading)));
}

describe('records of XML', () => {
  it('are found with the line where they begin', async () => {
    const text = '<?xml version="1.0"?>\n<!-- <r>no</r> -->\n<a>\n<r>one</r><r\nx="1">tw<b>ö</b></r>\n<r/>\n</a>\n';
    expect(await shownOf(text)).toEqual(['4: one', '4: twö', '6: ']);
  });

  it('know namespaces of what surrounds them, attributes and children', async () => {
    const text =
      '<a xmlns="urn:a" xmlns:p="urn:p"><x xmlns:p="urn:q"><p:r p:k="&lt;v&gt;"><c>1</c><p:c>2</p:c></p:r></x></a>';
    const [record] = await collect(elementsOf(text));
    if (record?.kind !== 'element') throw new Error('no element');
    expect(record.element).toMatchObject({ name: 'r', namespace: 'urn:q', attributes: { 'p:k': '<v>' } });
    expect(textIn(record.element, 'c', 'urn:a')).toBe('1');
    expect(textIn(record.element, 'c', 'urn:q')).toBe('2');
  });

  it('are in the namespace of what is open around them, not of what was closed before', async () => {
    const text = '<a xmlns="urn:a"><link xmlns="urn:b"/><x xmlns="urn:c"></x><r/></a><r/>';
    const records = await collect(elementsOf(text));
    expect(records.map((record) => record.kind === 'element' && record.element.namespace)).toEqual(['urn:a', '']);
  });

  it.each([
    ['entities of XML and HTML', '<r>a &lt; b&nbsp;&amp;amp; &eacute;&#233;&#xe9;</r>', 'a < b\u00a0&amp; ééé'],
    ['a bare ampersand', '<r>R&D & more &; x</r>', 'R&D & more &; x'],
    ['a bare ampersand in an address', '<r href="?a=1&b=2">x</r>', 'x'],
    ['CDATA', '<r>a<![CDATA[<b> & ]] > &amp;]]>c</r>', 'a<b> & ]] > &amp;c'],
    ['comments and instructions', '<r>a<!-- </r> > --><?php > </r> ?>b</r>', 'ab'],
    ['a sign of greater', '<r k="a>b">a > b</r>', 'a > b'],
    ['control characters', '<r>a\u0000b\u0008c</r>', 'a b c'],
    ['records of another vocabulary within', '<r>a<r xmlns="urn:x">b</r>c</r>', 'abc'],
    ['names that begin alike', '<r>a<rr>b</rr></r>', 'ab'],
  ])('hold %s', async (_, text, expected) => {
    expect(await shownOf(`<a>${text}</a>`)).toEqual([`1: ${expected}`]);
  });

  it.each([
    ['an unknown entity', '<r>&nothing;</r>', 'undefined entity'],
    ['tags that cross', '<r><b><i></b></i></r>', 'unexpected close tag'],
    ['a bare sign of less', '<r>a < b</r>', 'disallowed character in tag name'],
    ['an attribute twice', '<r><b k="1" k="2"/></r>', 'duplicate attribute'],
    ['an unbound prefix', '<r><q:b/></r>', 'unbound namespace prefix'],
    ['an attribute without its closing quotation mark', '<r><b k="1>x</b></r>', 'disallowed character'],
    ['a flood of elements', `<r>${'<b/>'.repeat(200_001)}</r>`, 'more than 200000 elements'],
    ['deep nesting', `<r>${'<b>'.repeat(101)}${'</b>'.repeat(101)}</r>`, 'nested more than 100 deep'],
    [
      'a flood of attributes',
      `<r ${Array.from({ length: 1001 }, (_, at) => `k${at}=""`).join(' ')}/>`,
      'more than 1000',
    ],
  ])('with %s are rejected alone', async (_, text, reason) => {
    const [before, faulty, after] = await shownOf(`<a><r>1</r>\n${text}\n<r>3</r></a>`);
    expect(before).toBe('1: 1');
    expect(faulty).toMatch(/^2! /);
    expect(faulty).toContain(reason);
    expect(after).toBe('3: 3');
  });

  it('tell the line of the fault where it is another', async () => {
    expect(await shownOf('<a>\n<r>\n\n<b></c>\n</r></a>')).toEqual([
      '2! not well-formed XML: unexpected close tag (line 4)',
    ]);
  });

  it('without an end tag are rejected before the next one, and reading goes on', async () => {
    expect(await shownOf('<a>\n<r>1\n<r>2</r>\n<r>3</r></a>')).toEqual([
      '2! <r> is not closed before the next one',
      '3: 2',
      '4: 3',
    ]);
  });

  it('that are too large are dropped, whatever makes them so', async () => {
    const large = 'x'.repeat(200_000);
    for (const text of [
      large,
      `<![CDATA[${large}]]>`,
      `<!--${large}-->`,
      `<b k="${large}"/>`,
      '<b/>'.repeat(50_000),
      `&${large};`,
    ]) {
      for (const maxRecordBytes of [1000, 150_000]) {
        expect(await shownOf(`<a>\n<r>${text}</r>\n<r>2</r></a>`, { maxRecordBytes, chunkBytes: 30_000 })).toEqual([
          `2! the record is longer than ${maxRecordBytes} bytes`,
          '3: 2',
        ]);
      }
    }
  });

  it('are found around text, comments and document types of any size', async () => {
    const large = 'x'.repeat(200_000);
    const type = `<!DOCTYPE a [<!ENTITY b "${large}"><!-- don't > --><?p > ]?> <!ENTITY c SYSTEM "file:///etc/passwd">]>`;
    const text = `${type}<a>${large}<!--${large}--><![CDATA[${large}]]><?p ${large}?><b>${large}</b><r>1</r></a>`;
    expect(await shownOf(text, { maxRecordBytes: 1000, chunkBytes: 30_000 })).toEqual(['1: 1']);
  });

  it('never hold what a document type declares', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
    expect(await shownOf(`${bomb}<a><r>&y;</r><r>&f;</r><r k="&y;">1</r></a>`)).toEqual(
      Array.from({ length: 3 }, () => '1! not well-formed XML: undefined entity'),
    );
  });

  it('come from documents one after the other', async () => {
    expect(await shownOf('<a><r>1</r></a>\n<?xml version="1.0"?><a><r>2</r></a><r>3</r>')).toEqual([
      '1: 1',
      '2: 2',
      '2: 3',
    ]);
  });
});

describe('damaged XML', () => {
  it.each([
    ['within a record', '<a>\n<r>1</r>\n<r>2', 3, '<r> of line 3 is not closed'],
    ['between records', '<a>\n<r>1</r>\n', 3, 'the XML ends before its end tags'],
    ['within markup', '<a>\n<r>1</r>\n</', 3, 'it ends inside of markup'],
    ['within a comment', '<a>\n<r>1</r></a>\n<!-- ', 3, 'it ends inside of markup'],
    ['by a wrong end tag', '<a>\n<r>1</r>\n</b>', 3, 'not well-formed XML: unexpected close tag'],
  ])('that ends %s gives its records, then BAD_INPUT', async (_, text, line, reason) => {
    const { values, thrown } = await collectUntil(elementsOf(text));
    expect(shown(values)).toEqual(['2: 1']);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { file: 'x.xml', line, reason } });
  });

  it('whose source fails gives its records, then BAD_INPUT', async () => {
    const { values, thrown } = await collectUntil(elementsOf('<a>\n<r>1</r><r>2', { failure: new Error('cut off') }));
    expect(shown(values)).toEqual(['2: 1']);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { line: 2, reason: 'cut off' } });
  });

  it('nested without end is refused at once', async () => {
    const { thrown } = await collectUntil(elementsOf('<a>'.repeat(100_000), { chunkBytes: 10_000 }));
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { reason: expect.stringContaining('nested') } });
  });

  it('with a tag that is too large tells so', async () => {
    const text = `<a k="${'x'.repeat(200_000)}"/>\n<r>1</r>`;
    expect(await shownOf(text, { maxRecordBytes: 1000, chunkBytes: 30_000 })).toEqual([
      '1! a tag is longer than 1000 bytes',
      '2: 1',
    ]);
  });

  it('that is no XML at all is refused, and nothing is nothing', async () => {
    const { thrown } = await collectUntil(elementsOf('title,year\nKnots,2020\n'));
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { reason: 'there is no XML in it' } });
    expect(await shownOf('')).toEqual([]);
  });

  it('of whatever kind gives records and BAD_INPUT, nothing else', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '</r>',
        '<r>',
        '<r k="',
        '"',
        "'",
        '&',
        ';',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<!DOCTYPE',
        '[',
      ),
      fc.constantFrom(
        '<?',
        '?>',
        '/',
        '=',
        ' ',
        '\n',
        '<a>',
        '</a>',
        '<a xmlns="u">',
        'xmlns:p="u"',
        '<p:r>',
        '\0',
        '\uFEFF',
      ),
      fc.string({ maxLength: 5, unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (pieces, chunkBytes) => {
          const { thrown } = await collectUntil(elementsOf(pieces.join(''), { chunkBytes, maxRecordBytes: 60 }));
          expect(thrown === undefined || (thrown instanceof AppError && thrown.code === 'BAD_INPUT')).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the root of a document', () => {
  it.each([
    ['<a/>', { name: 'a', namespace: '' }],
    [
      '\uFEFF\n<?xml version="1.0"?>\n<!-- <b> --><!DOCTYPE p:a [<!ENTITY x "<b>">]>\n<p:a xmlns:p="urn:p">',
      { name: 'a', namespace: 'urn:p' },
    ],
    ['<a k="1', undefined],
    ['no <a> here', undefined],
    ['', undefined],
  ])('of %j', (text, expected) => {
    const root = rootOf(text);
    expect(root && { name: root.name, namespace: root.namespace }).toEqual(expected);
  });
});
