/** Leaves with texts under way; run by leaving.test.ts in a process of its own. */
const [, , modUrl, way] = process.argv;
const { openEncoder } = await import(modUrl);
const encoder = await openEncoder({ model: 'paperkin-minilm', modelsDir: 'models', allowDownload: false, threads: 2 });
const paper = { title: 'Title', abstract: 'many words '.repeat(500) };
const texts = Promise.allSettled(Array.from({ length: 20 }, () => encoder.encodePaper(paper)));
if (way === 'exit') process.exit(3);
if (way === 'throw') {
  setImmediate(() => {
    throw new Error('a bug');
  });
}
if (way === 'close') {
  await encoder.close();
  await texts;
  process.exit(4);
}
