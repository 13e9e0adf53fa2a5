import { threadId } from 'node:worker_threads';

/** Stands in for a model: gives `[threadId]`, slowly; dies or fails when told to. */
export default async function encode(text) {
  if (text === 'crash') process.exit(7);
  if (text === 'throw') throw new Error('no such word');
  await new Promise((done) => setTimeout(done, 5));
  return Float32Array.of(threadId);
}
