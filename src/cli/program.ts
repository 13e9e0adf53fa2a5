import { Command } from 'commander';
import { openDelivery } from '../app/mod.ts';
import { addBackup } from './backup.ts';
import { addCompare } from './compare.ts';
import { addConfig } from './config.ts';
import { withGlobalFlags } from './context.ts';
import { addDismiss, addFeedback, addForget, addLike } from './feedback.ts';
import { addDigest } from './digest.ts';
import { addDoctor } from './doctor.ts';
import { addDuplicates } from './duplicates.ts';
import { addEvaluate } from './evaluate.ts';
import { addExport } from './export.ts';
import { addFeed } from './feed.ts';
import { addHide, addUnhide } from './hide.ts';
import { addFeedUrl } from './feed-url.ts';
import { addImport } from './import.ts';
import { addLibrary } from './library.ts';
import { addMap } from './map.ts';
import { addPerson } from './person.ts';
import { addInterest, addProfile } from './profile.ts';
import { addRebuild, addReindex } from './rebuild.ts';
import { addReplay } from './replay.ts';
import { addSave, addUnsave } from './save.ts';
import { addRelated, addSearch } from './search.ts';
import { addServe } from './serve.ts';
import { addShow } from './show.ts';
import { addSource } from './source.ts';
import { addStats } from './stats.ts';
import { addSync } from './sync.ts';
import { addTopic } from './topic.ts';
import { addTrending } from './trending.ts';

const COMMANDS = [
  addImport,
  addSearch,
  addRelated,
  addShow,
  addDuplicates,
  addExport,
  addSource,
  addSync,
  addPerson,
  addSave,
  addUnsave,
  addLibrary,
  addLike,
  addDismiss,
  addForget,
  addHide,
  addUnhide,
  addFeedback,
  addTopic,
  addFeed,
  addProfile,
  addInterest,
  addTrending,
  addMap,
  (program: Command) => addDigest(program, openDelivery),
  addFeedUrl,
  addServe,
  addEvaluate,
  addReplay,
  addCompare,
  addStats,
  addBackup,
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
