import { cpSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { temporaryFolder } from './cli.ts';
import { serve } from './server.ts';

/**
 * Makes `workspace` a copy of the sample library as `serve --with-sample` makes it. Embedding it takes some eight seconds
 * of computing, so that is done once for all files of a run.
 */
export async function copySample(workspace: string): Promise<void> {
  const made = join(inject('runFolder'), 'sample');
  if (!existsSync(made)) await makeSample(made);
  cpSync(made, workspace, { recursive: true });
}

async function makeSample(target: string): Promise<void> {
  const folder = temporaryFolder();
  try {
    const workspace = join(folder.path, 'index');
    const server = await serve(['--workspace', workspace, '--with-sample', '--quiet']);
    await server.stop();
    try {
      renameSync(workspace, target);
    } catch (error) {
      // Another file of tests was quicker: its copy is as good.
      if (!existsSync(target)) throw error;
    }
  } finally {
    folder.remove();
  }
}
