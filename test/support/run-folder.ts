import type { TestProject } from 'vitest/node';
import { temporaryFolder } from './cli.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what several files of tests need, there as long as they run. */
    runFolder: string;
  }
}

export default function makeRunFolder(project: TestProject): () => void {
  const folder = temporaryFolder();
  project.provide('runFolder', folder.path);
  return () => folder.remove();
}
