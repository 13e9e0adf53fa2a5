export { openCorpus } from './corpus.ts';
export { deliverOver, type Delivery, publicUrlOf } from './delivery.ts';
export { examineLibrary } from './examine.ts';
export { openLibrary, papersThrough, statsOf } from './library.ts';
export { openSearch, type Search } from './search.ts';
export { openServing, SAMPLE_SOURCE, sampleFile } from './serving.ts';
export { sourcesOf, syncParts } from './sync.ts';
export { openFreshEngine, openWriting, withWriting, type Writing } from './writing.ts';
