import { Command } from 'commander';
import { addConfig } from './config.ts';
import { withGlobalFlags } from './context.ts';
import { addDoctor } from './doctor.ts';
import { addImport } from './import.ts';
import { addRebuild, addReindex } from './rebuild.ts';
import { addRelated, addSearch } from './search.ts';
import { addServe } from './serve.ts';
import { addShow } from './show.ts';
import { addStats } from './stats.ts';

const COMMANDS = [
  addImport,
  addSearch,
  addRelated,
  addShow,
  addServe,
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
