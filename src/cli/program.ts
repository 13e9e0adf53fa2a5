import { Command } from 'commander';
import { addCompare } from './compare.ts';
import { addConfig } from './config.ts';
import { withGlobalFlags } from './context.ts';
import { addDoctor } from './doctor.ts';
import { addDuplicates } from './duplicates.ts';
import { addEvaluate } from './evaluate.ts';
import { addExport } from './export.ts';
import { addImport } from './import.ts';
import { addRebuild, addReindex } from './rebuild.ts';
import { addRelated, addSearch } from './search.ts';
import { addServe } from './serve.ts';
import { addShow } from './show.ts';
import { addSource } from './source.ts';
import { addStats } from './stats.ts';
import { addSync } from './sync.ts';

const COMMANDS = [
  addImport,
  addSearch,
  addRelated,
  addShow,
  addDuplicates,
  addExport,
  addSource,
  addSync,
  addServe,
  addEvaluate,
  addCompare,
  addStats,
  addDoctor,
  addRebuild,
  addReindex,
  addConfig,
] as const;

export function createProgram(version: string): Command {
  const program = new Command('paperkin')
    .description('Semantic search and recommendations over paper abstracts, on your own machine.')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError();
  for (const add of COMMANDS) withGlobalFlags(add(program)).exitOverride();
  return program;
}
