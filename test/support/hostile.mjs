// Reads one hostile input and prints what came of it, and the most memory that it took. It runs in a process of its own, so
// that nothing else counts.
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readPapers } from '../../dist/collection/mod.js';

const MB = 1024 ** 2;
/** More than V8's longest string (512 MB), and than the memory that a reader may take (500 MB in all). */
const HUGE = 600 * MB;

/** So many bytes of a text, again and again. */
function* repeated(text, bytes) {
  const piece = Buffer.from(text.repeat(Math.ceil((64 * 1024) / text.length)));
  for (let left = bytes; left > 0; left -= piece.length) yield piece;
}

const around = (before, filler, after, bytes = HUGE) =>
  function* input() {
    yield Buffer.from(before);
    yield* repeated(filler, bytes);
    yield Buffer.from(after);
  };

/** A gzip of 100 KB for each 100 MB; 1 GB of them. */
function* bomb(text) {
  const member = gzipSync(Buffer.concat([...repeated(text, 100 * MB)]));
  for (let count = 0; count < 10; count += 1) yield member;
}

const ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>';
const entry = (number, title = 'A') =>
  `<entry><id>http://arxiv.org/abs/2101.0000${number}</id><title>${title}</title></entry>`;

const ENTITIES = Array.from({ length: 30 }, (_, at) => `<!ENTITY e${at + 1} "&e${at};&e${at};&e${at};">`).join('');

/** Each is a format (or none, where it is to be recognised) and an input. */
const CASES = {
  'a line of 600 MB': ['jsonl', around('{"title":"A"}\n{"title":"', 'x', '"}\n{"title":"B"}\n')],
  'a JSON array with an object of 600 MB': ['jsonl', around('[{"title":"A"},\n{"title":"', 'x', '"},\n{"title":"B"}]')],
  'JSON nested a hundred million times': ['jsonl', around('[{"title":"A"},', '[', '', 100 * MB)],
  'a CSV cell of 600 MB': ['csv', around('title,abstract\nA,a\nC,"', 'x\n', '"\nB,b\n')],
  'a CSV row of 50 million cells': ['csv', around('title,abstract\nA,a\nC', ',x', '\nB,b\n', 100 * MB)],
  'a CSV header of 100 MB': ['csv', around('title,abstract', ',x', '\nB,b\n', 100 * MB)],
  'a BibTeX entry of 600 MB': [
    'bibtex',
    around('@misc{a, title={A}}\n@misc{c, title={', 'x ', '}}\n@misc{b, title={B}}\n'),
  ],
  'BibTeX with a hundred million braces': [
    'bibtex',
    around('@misc{a, title={A}}\n@misc{c, title=', '{', '\n', 100 * MB),
  ],
  'BibTeX macros without end': ['bibtex', around('@misc{a, title={A}}\n', '@string{x = {y}}\n', '', 2 * MB)],
  'a RIS line of 600 MB': [
    'ris',
    around('TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nTI  - ', 'x', '\nER  - \nTY  - JOUR\nTI  - B\nER  - \n'),
  ],
  'a RIS record of 100 MB': [
    'ris',
    around(
      'TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\n',
      'AU  - Lovelace, Ada\n',
      'ER  - \nTY  - JOUR\nTI  - B\nER  - \n',
      100 * MB,
    ),
  ],
  'an XML record of 600 MB': [
    'arxiv-atom',
    around(`${ATOM}${entry(1)}<entry><title>`, 'x', `</title></entry>${entry(2, 'B')}</feed>`),
  ],
  'XML text of 600 MB between records': ['arxiv-atom', around(`${ATOM}${entry(1)}`, 'x', `${entry(2, 'B')}</feed>`)],
  'an XML attribute of 600 MB': ['arxiv-atom', around(`${ATOM}${entry(1)}<a b="`, 'x', `"/>${entry(2, 'B')}</feed>`)],
  'an XML comment of 600 MB': ['arxiv-atom', around(`${ATOM}${entry(1)}<!--`, 'x', `-->${entry(2, 'B')}</feed>`)],
  'XML nested a hundred million times': ['arxiv-atom', around(`${ATOM}${entry(1)}`, '<a>', '', 100 * MB)],
  'an XML entity bomb': [
    undefined,
    around(
      `<!DOCTYPE feed [<!ENTITY e0 "lol">${ENTITIES}]>${ATOM}${entry(1, '&e30;')}`,
      ' ',
      `${entry(2, 'B')}</feed>`,
      MB,
    ),
  ],
  'a listing with a line of 600 MB': ['listing', around('A\n\nAn abstract of it.\n\n', 'x', '\n')],
  'a page with a paragraph of 100 MB': [
    'markdown',
    around('<!-- Paperkin -->\n\n## A\n\n## C\n\n', 'words of it\n', '\n## B\n', 100 * MB),
  ],
  'a gzip bomb of zeros': [undefined, () => bomb('\0')],
  'a gzip bomb of newlines': [undefined, () => bomb('\n')],
  'a gzip bomb read in full': ['jsonl', () => bomb('\0')],
};

const [format, input] = CASES[process.argv[2]] ?? [];
const found = { papers: [], rejected: [], rejections: 0 };
try {
  const stream = Readable.from(input?.() ?? [], { objectMode: false });
  for await (const reading of readPapers({ name: 'hostile', stream }, format === undefined ? {} : { format })) {
    if (reading.kind === 'paper') found.papers.push(reading.paper.title.slice(0, 100));
    else {
      found.rejections += 1;
      if (found.rejected.length < 10) found.rejected.push(reading);
    }
  }
} catch (thrown) {
  found.thrown = { code: thrown.code, message: thrown.message };
}
const peakMB = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify(input === undefined ? Object.keys(CASES) : { ...found, peakMB }));
