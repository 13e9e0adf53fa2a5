import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { openLibrary, papersThrough } from '../app/mod.ts';
import { writerForFile, writerNamed, WRITERS, type Writer } from '../collection/mod.ts';
import type { Paper } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { collect, contextOf, filterOf, type GlobalFlags } from './context.ts';
import { writeFileWhole } from './export-file.ts';
import { interruption } from './interruption.ts';
import { printJson, printLine } from './print.ts';

interface ExportFlags extends GlobalFlags {
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly output?: string;
}

function writerFor({ format, output, json }: ExportFlags): Writer {
  if (json && output === undefined) {
    throw new AppError('USAGE', { message: '--json needs -o: without it, standard output is for the papers' });
  }
  if (format !== undefined) return writerNamed(format);
  if (output === undefined) return writerNamed('jsonl');
  const writer = writerForFile(output);
  if (writer) return writer;
  const endings = WRITERS.map(({ extension }) => `.${extension}`).join(', ');
  throw new AppError('USAGE', { message: `-o ${output} tells no format: give --format, or end it with ${endings}` });
}

function* counted(papers: Iterable<Paper>, count: { papers: number }): Iterable<Paper> {
  for (const paper of papers) {
    count.papers += 1;
    yield paper;
  }
}

export function addExport(program: Command): Command {
  return program
    .command('export')
    .description('write papers to a file, or to standard output')
    .option('--format <format>', WRITERS.map(({ name }) => name).join(', '))
    .option('--filter <expression>', 'for example: year>=2020 category:cs.CL (repeatable)', collect)
    .option('-o, --output <file>', 'file to write; one that ends in .gz is compressed')
    .action(async (flags: ExportFlags) => {
      const started = performance.now();
      const writer = writerFor(flags);
      const { config, json } = contextOf(flags);
      const filter = filterOf(flags.filter);
      const library = await openLibrary(config, { create: false });
      const stop = interruption('stopping; once more to stop at once');
      try {
        const count = { papers: 0 };
        const text = writer.write(counted(papersThrough(library, filter), count));
        const file = flags.output;
        if (file === undefined) {
          await pipeline(Readable.from(text), process.stdout, { end: false });
          return;
        }
        const compress = file.toLowerCase().endsWith('.gz');
        await writeFileWhole(file, text, { compress, signal: stop.signal });
        const seconds = Number(((performance.now() - started) / 1000).toFixed(3));
        if (json) printJson({ ...count, file, seconds });
        else printLine(`${count.papers} papers written to ${file} in ${seconds.toFixed(1)} s`);
      } finally {
        stop.release();
        library.close();
      }
    });
}
