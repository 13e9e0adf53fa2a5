/** Which room may know which (ARCHITECTURE.md). Each rule says what it protects. */

const BELOW_CLI = [
  'server',
  'evaluation',
  'indexing',
  'retrieval',
  'recommend',
  'delivery',
  'projection',
  'collection',
  'encoder',
  'store',
  'engine',
];

const ROOMS = {
  cli: ['app', ...BELOW_CLI],
  app: BELOW_CLI,
  server: ['indexing', 'retrieval', 'recommend', 'delivery', 'projection', 'collection', 'encoder', 'store', 'engine'],
  evaluation: ['indexing', 'retrieval', 'recommend', 'collection', 'encoder', 'store', 'engine'],
  indexing: ['collection', 'encoder', 'store', 'engine'],
  retrieval: ['collection', 'encoder', 'store', 'engine'],
  recommend: ['retrieval', 'collection', 'encoder', 'store', 'engine'],
  delivery: ['store'],
  projection: ['store', 'engine'],
  collection: [],
  encoder: [],
  store: [],
  engine: [],
  domain: [],
  web: [],
};

/** Everything in src except the rooms that `room` may import, its own files, the domain and the error table. */
function direction(room) {
  const may = [...ROOMS[room], room, 'domain'];
  const files = ['errors', ...(room === 'cli' || room === 'app' ? ['config'] : [])];
  return {
    name: `direction-${room}`,
    comment:
      'Imports run one way, from the command line down to the domain; rooms on one level do not know each other.',
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^src/', pathNot: `^src/(?:(?:${may.join('|')})/|(?:${files.join('|')})\\.ts$)` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.keys(ROOMS).map(direction),
    {
      name: 'through-the-door',
      comment: 'A room is entered through mod.ts (or its contract), so that the rest of it can change freely.',
      severity: 'error',
      from: { path: '^src/([^/]+)(?:/|\\.ts$)' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/(?:mod|contract)\\.ts$', '^src/domain/'] },
    },
    {
      name: 'only-the-store-and-the-embedded-engine-open-sqlite',
      comment: 'One room owns each native part: else its schema and its quirks leak everywhere.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:store|engine/embedded)/' },
      to: { path: 'node_modules/better-sqlite3' },
    },
    {
      name: 'only-the-embedded-engine-knows-hnswlib',
      comment: 'One room owns each native part.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/embedded/' },
      to: { path: 'node_modules/hnswlib-node' },
    },
    {
      name: 'only-the-encoder-knows-transformers',
      comment: 'One room owns each native part; everything else sees text in, embedding out.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/encoder/' },
      to: { path: 'node_modules/@huggingface/' },
    },
    {
      name: 'only-delivery-knows-mail-and-feed-formats',
      comment: 'One room hands things over to readers elsewhere; everything else sees letters and entries.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/delivery/' },
      to: { path: 'node_modules/(?:nodemailer|feed|luxon)/' },
    },
    {
      name: 'only-projection-knows-umap',
      comment: 'One room lays papers out; everything else sees places on a map.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/projection/' },
      to: { path: 'node_modules/umap-js' },
    },
    {
      name: 'no-circles',
      comment: 'Files that need each other are one file, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is dead, or an entry that belongs in this list.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: [
          '^src/cli/main\\.ts$',
          '^src/encoder/worker\\.ts$',
          '^src/projection/worker\\.ts$',
          '^src/web/public/',
        ],
      },
      to: {},
    },
    {
      name: 'development-stays-out',
      comment:
        'The program runs from dependencies alone; the browser UI is bundled, so its parts are development ones.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
