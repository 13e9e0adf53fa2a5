import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastJson, run, start, temporaryFolder } from '../support/cli.ts';
import { ROOT } from '../support/judged.ts';

const SAMPLE = join(ROOT, 'sample', 'papers.jsonl');
const folder = temporaryFolder();
const library = join(folder.path, 'library');
const inFolder = (name: string): string => join(folder.path, name);
const withLibrary = (...args: string[]): Promise<Awaited<ReturnType<typeof run>>> =>
  run([...args, '--workspace', library]);

beforeAll(async () => {
  const { code, stderr } = await withLibrary('import', SAMPLE, '--no-embed');
  expect(stderr).not.toContain('paperkin:');
  expect(code).toBe(0);
});
afterAll(() => folder.remove());

const FORMATS = [
  ['jsonl', 'jsonl'],
  ['bibtex', 'bib'],
  ['ris', 'ris'],
  ['csl-json', 'json'],
  ['csv', 'csv'],
  ['markdown', 'md'],
] as const;

describe('paperkin export', () => {
  it.each(FORMATS)('writes %s that makes the same library again', async (format, ending) => {
    const file = inFolder(`papers.${ending}`);
    const written = await withLibrary('export', '-o', file, '--json');
    expect(written.stderr).toBe('');
    expect(lastJson(written)).toEqual({ papers: 180, file, seconds: expect.any(Number) });
    const again = inFolder(`again-${format}`);
    const imported = await run(['import', file, '--no-embed', '--json', '--workspace', again]);
    expect(lastJson(imported)).toMatchObject({ added: 180, updated: 0, merged: 0, rejected: [] });
    const { stdout: before } = await withLibrary('export', '--format', format);
    const { stdout: after } = await run(['export', '--format', format, '--workspace', again]);
    expect(before).toBe(readFileSync(file, 'utf8'));
    expect(after).toBe(before);
  });

  it('writes the papers that the filters let through, as JSON Lines to standard output', async () => {
    const { stdout } = await withLibrary('export', '--filter', 'category:cs.CL', '--filter', 'year:2017');
    const [first, ...others] = stdout.trimEnd().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ id: 'arXiv:1706.03762', authors: expect.any(Array) });
    expect(others).toEqual([]);
    const none = await withLibrary('export', '--filter', 'year:1900', '--format', 'csl-json');
    expect(JSON.parse(none.stdout)).toEqual([]);
    expect((await withLibrary('export', '--filter', 'has:embedding')).stdout).toBe('');
  });

  it('compresses a file that ends in .gz', async () => {
    const file = inFolder('papers.ris.gz');
    const { stdout } = await withLibrary('export', '-o', file, '--filter', 'year:2017');
    expect(stdout).toMatch(/^\d+ papers written to .*papers\.ris\.gz in \d+\.\d s\n$/);
    expect(gunzipSync(readFileSync(file)).toString()).toMatch(/^TY {2}- /);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const child = start(['export', '--workspace', library]);
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('the process has no pipes');
    stdout.destroy();
    const [said] = await Promise.all([text(stderr), once(child, 'close')]);
    expect(said).toBe('');
    expect(child.exitCode).toBe(0);
  });

  it('leaves a file alone when nothing can be exported', async () => {
    const file = inFolder('precious.csv');
    writeFileSync(file, 'precious');
    const { code, stderr } = await run(['export', '-o', file, '--workspace', inFolder('nowhere')]);
    expect(code).toBe(5);
    expect(stderr).toContain('there is no workspace');
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(existsSync(inFolder('nowhere'))).toBe(false);
  });

  it('refuses what makes no sense with exit code 2', async () => {
    mkdirSync(inFolder('folder.csv'));
    const refused: ReadonlyArray<readonly [string[], string]> = [
      [['--json'], '--json needs -o'],
      [['-o', inFolder('papers.doc')], 'tells no format'],
      [['--format', 'word'], 'formats are jsonl, bibtex, ris, csl-json, csv, markdown'],
      [['-o', inFolder('folder.csv')], 'is a folder'],
      [['--filter', 'colour:red'], 'unknown field "colour"'],
    ];
    for (const [args, said] of refused) {
      const { code, stderr } = await withLibrary('export', ...args);
      expect(code).toBe(2);
      expect(stderr).toContain(said);
    }
  });

  it('says with exit code 3 that a file cannot be written', async () => {
    const finished = await withLibrary('export', '-o', inFolder('no/folder.csv'), '--json');
    expect(finished.code).toBe(3);
    expect(lastJson(finished)).toMatchObject({ error: { code: 'OUTPUT_FAILED' } });
  });
});
