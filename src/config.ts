import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest } from 'fastest-levenshtein';
import * as z from 'zod';
import { MAX_RERANK_DEPTH } from './encoder/contract.ts';
import { AppError, reasonOf } from './errors.ts';

/** The package's own folder: models, sample library and built browser UI lie there, wherever it is run from. */
export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The version in the package's own description. */
export function ownVersion(): string {
  const file = resolve(PACKAGE_ROOT, 'package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

export const CONFIG_FILE = 'paperkin.config.json';
const ENVIRONMENT_PREFIX = 'PAPERKIN_';

const whole = z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)], 'it takes a whole number');
const count = whole.pipe(z.number().positive('it takes a number above 0'));
const flag = z.union(
  [z.boolean(), z.enum(['true', '1']).transform(() => true), z.enum(['false', '0']).transform(() => false)],
  'it takes true or false',
);
const path = z
  .string()
  .min(1)
  .transform((text) => resolve(text));
/** A folder is kept as a full path, so that it can be named to a program started elsewhere. */
const model = z.string().transform((text) => (existsSync(text) ? resolve(text) : text));

const base = z.url({ protocol: /^https?$/, error: 'it takes an address that begins with http:// or https://' });
const contact = z.string().regex(/^[\x21-\x27\x2a-\x7e]*$/, 'it takes one address, e.g. mailto:ada@example.org');
const smtp = z
  .string()
  .refine(
    (url) => url === '' || (URL.canParse(url) && /^smtps?:\/\/[^/]/.test(url)),
    'it takes an address that begins with smtps:// or smtp://, e.g. smtps://user:password@mail.example.org',
  );
const sender = z
  .string()
  .regex(
    /^(?:(?:[^<>"\p{Cc}]+ )?<?[^\s<>@,"]+@[^\s<>@,"]+>?)?$/u,
    'it takes one sender, e.g. Paperkin <paperkin@example.org>',
  );
/** Without a slash at the end, as paths are put behind it. */
const outside = z
  .string()
  .refine(
    (url) => url === '' || base.safeParse(url).success,
    'it takes an address that begins with http:// or https://',
  )
  .transform((url) => url.replace(/\/+$/, ''));
/** How often; empty: never. */
const interval = z.string().regex(/^(?:[1-9]\d{0,4}[mhd])?$/, 'it takes minutes, hours or days, e.g. 30m, 6h, 1d');

const schema = z.object({
  workspace: path,
  model,
  modelsDir: path,
  evaluationDir: path,
  allowDownload: flag,
  rerankModel: model,
  rerankDepth: count.pipe(z.number().max(MAX_RERANK_DEPTH, `at most ${MAX_RERANK_DEPTH} hits are reranked`)),
  threads: count,
  host: z.string().min(1),
  port: whole.pipe(z.number().max(65_535, 'a port is at most 65535')),
  maxUploadBytes: count,
  requestTimeoutMs: count,
  shutdownTimeoutMs: count,
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']),
  contact,
  syncEvery: interval,
  maxRequestsPerDay: count,
  arxivUrl: base,
  biorxivUrl: base,
  huggingFaceUrl: base,
  zoteroUrl: base,
  smtpUrl: smtp,
  mailFrom: sender,
  publicUrl: outside,
});

export type Config = Readonly<z.output<typeof schema>>;
export type ConfigKey = keyof Config;

/** Every setting there is. `paperkin config` and docs/configuration.md show the same table. */
export const CONFIG_KEYS: {
  readonly [name in ConfigKey]: { readonly fallback: Config[name]; readonly about: string };
} = {
  workspace: {
    fallback: resolve('index'),
    about: 'Folder that holds the library: papers.db, people.db, vectors.hnsw, postings.bin, workspace.json',
  },
  model: {
    fallback: '',
    about:
      'Registry name, hub id or folder of the encoder; empty: the one the workspace was made with, else paperkin-minilm',
  },
  modelsDir: { fallback: resolve(PACKAGE_ROOT, 'models'), about: 'Folder that holds models' },
  evaluationDir: {
    // Judged sets are measured from any folder, and what is made for it can be made again.
    fallback: join(homedir(), '.cache', 'paperkin', 'evaluation'),
    about: 'Folder that keeps the workspaces of judged sets between evaluations; may be removed at any time',
  },
  allowDownload: { fallback: false, about: 'Whether a model that is not on this machine may be downloaded' },
  rerankModel: {
    fallback: '',
    about: 'Cross-encoder that can rerank the first hits: a name in modelsDir, a hub id or a folder; empty: none',
  },
  // Two pages, .25 s on two cores (23 ms a pair of 200 tokens). A reranker that is never wrong would gain .24 nDCG@10 with
  // them on cacm and .22 on cranfield, .08 and .13 with 10 hits, .34 and .31 with 50.
  rerankDepth: {
    fallback: 20,
    about: 'How many of the first hits are reranked, at most 200; each takes some 25 ms of a core',
  },
  threads: { fallback: availableParallelism(), about: 'Encoder threads; one a core is fastest' },
  host: { fallback: '127.0.0.1', about: 'Address the server listens on; 0.0.0.0 opens it to the network' },
  port: { fallback: 8080, about: 'Port of the server; the next free one when it is taken' },
  maxUploadBytes: { fallback: 2 * 1024 ** 3, about: 'Largest upload, in bytes, and the most it may unpack to' },
  requestTimeoutMs: { fallback: 30_000, about: 'Longest time an API request may take, in milliseconds' },
  shutdownTimeoutMs: {
    fallback: 10_000,
    about: 'How long a stopping server waits for requests in flight, in milliseconds',
  },
  logLevel: { fallback: 'info', about: 'Least level of the server log' },
  contact: { fallback: '', about: 'Where the servers of sources can reach you, e.g. mailto:ada@example.org' },
  syncEvery: { fallback: '', about: 'How often a running server syncs its sources: 30m, 6h, 1d; empty: never' },
  maxRequestsPerDay: { fallback: 2000, about: 'The most requests made for one source in a day' },
  arxivUrl: { fallback: 'https://oaipmh.arxiv.org/oai', about: 'Where arXiv serves OAI-PMH' },
  biorxivUrl: { fallback: 'https://api.biorxiv.org', about: 'Where bioRxiv and medRxiv serve their API' },
  huggingFaceUrl: { fallback: 'https://huggingface.co', about: 'Where Hugging Face lists its daily papers' },
  zoteroUrl: { fallback: 'http://127.0.0.1:23119', about: 'Where a running Zotero serves its local API' },
  smtpUrl: {
    fallback: '',
    about: 'Mail server that digests are handed to, e.g. smtps://user:password@mail.example.org; empty: none are sent',
  },
  mailFrom: { fallback: '', about: 'Sender of digests, e.g. Paperkin <paperkin@example.org>' },
  publicUrl: {
    fallback: '',
    about:
      'Where the server is reached from outside, for links in mails and web feeds; empty: http://127.0.0.1 and its port',
  },
};

/** A setting as it may be shown: without the password in an address. */
export function shownSetting(name: ConfigKey, value: Config[ConfigKey]): Config[ConfigKey] {
  if (name !== 'smtpUrl' || typeof value !== 'string' || !URL.canParse(value)) return value;
  const url = new URL(value);
  if (url.password !== '') url.password = '***';
  return url.href;
}

export type Origin = 'flag' | 'environment' | 'file' | 'default';

export interface LoadedConfig {
  readonly config: Config;
  readonly origins: ReadonlyMap<ConfigKey, Origin>;
}

export const KEY_NAMES = Object.keys(CONFIG_KEYS).filter((name): name is ConfigKey => name in CONFIG_KEYS);

export function environmentName(name: ConfigKey): string {
  return ENVIRONMENT_PREFIX + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function refuseUnknown(given: readonly string[], known: readonly string[], where: string): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    throw new AppError('INVALID_CONFIG', {
      message: `${where} has an unknown setting "${name}"; did you mean "${closest(name, [...known])}"?`,
    });
  }
}

function readFile(file: string, mustExist: boolean): Record<string, unknown> {
  if (!existsSync(file)) {
    if (mustExist) throw new AppError('FILE_NOT_FOUND', { file, reason: 'there is no such configuration file' });
    return {};
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AppError('INVALID_CONFIG', { message: `${file}: ${reasonOf(error)}` });
  }
  const settings = z.record(z.string(), z.unknown()).safeParse(parsed);
  if (!settings.success) throw new AppError('INVALID_CONFIG', { message: `${file} must hold one JSON object` });
  refuseUnknown(Object.keys(settings.data), KEY_NAMES, file);
  return settings.data;
}

function readEnvironment(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const byVariable = new Map(KEY_NAMES.map((name) => [environmentName(name), name]));
  const given = Object.keys(environment).filter((name) => name.startsWith(ENVIRONMENT_PREFIX));
  refuseUnknown(given, [...byVariable.keys(), `${ENVIRONMENT_PREFIX}CONFIG`], 'the environment');
  const settings: Record<string, unknown> = {};
  for (const [variable, name] of byVariable) {
    const value = environment[variable];
    if (value !== undefined && value !== '') settings[name] = value;
  }
  return settings;
}

/**
 * Flags over environment (`PAPERKIN_*`) over `paperkin.config.json` (or the file that `PAPERKIN_CONFIG` names) over
 * defaults. The only reader of the environment and of configuration files. Throws INVALID_CONFIG.
 */
export function loadConfig(flags: { readonly [name in ConfigKey]?: unknown }): LoadedConfig {
  const named = process.env[`${ENVIRONMENT_PREFIX}CONFIG`];
  const layers: ReadonlyArray<readonly [Origin, Readonly<Record<string, unknown>>]> = [
    ['flag', flags],
    ['environment', readEnvironment(process.env)],
    ['file', readFile(named ?? CONFIG_FILE, named !== undefined)],
  ];
  const given: Record<string, unknown> = {};
  const origins = new Map<ConfigKey, Origin>();
  for (const name of KEY_NAMES) {
    const found = layers.find(([, settings]) => settings[name] !== undefined);
    given[name] = found ? found[1][name] : CONFIG_KEYS[name].fallback;
    origins.set(name, found?.[0] ?? 'default');
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ path: [name], message: reason }) => {
      const origin = KEY_NAMES.find((known) => known === name);
      return `the setting ${String(name)} (${origin ? origins.get(origin) : 'unknown'}) is wrong: ${reason}`;
    });
    throw new AppError('INVALID_CONFIG', { message: reasons.join('; ') });
  }
  return { config: Object.freeze(parsed.data), origins };
}
