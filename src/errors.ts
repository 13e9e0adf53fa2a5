/**
 * One table for everything that can go wrong on purpose: code -> HTTP status, exit code, message.
 * A message says what happened and what to do next. Anything thrown that is not an AppError is a bug.
 */

type Details = Readonly<Record<string, unknown>>;

interface ErrorEntry {
  /** HTTP status of the problem document. */
  readonly status: number;
  /** Process exit code: 2 usage, 3 input, 4 not found, 5 workspace, 6 source or server, 130 interrupted. */
  readonly exitCode: number;
  readonly title: string;
  readonly message: (details: Details) => string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const ERRORS = {
  USAGE: {
    status: 400,
    exitCode: 2,
    title: 'Wrong usage',
    message: (d) => text(d['message']),
  },
  INVALID_REQUEST: {
    status: 400,
    exitCode: 2,
    title: 'Invalid request',
    message: (d) => text(d['message']),
  },
  INVALID_FILTER: {
    status: 400,
    exitCode: 2,
    title: 'Invalid filter',
    message: (d) => `${text(d['reason'])} (column ${text(d['column'])} of the filter)`,
  },
  INVALID_CONFIG: {
    status: 500,
    exitCode: 2,
    title: 'Invalid configuration',
    message: (d) => text(d['message']),
  },
  FILE_NOT_FOUND: {
    status: 404,
    exitCode: 3,
    title: 'File not found',
    message: (d) => `cannot read ${text(d['file'])}: ${text(d['reason'])}`,
  },
  UNKNOWN_FORMAT: {
    status: 415,
    exitCode: 3,
    title: 'Unknown format',
    message: (d) =>
      `${text(d['file'])}: the format is not recognised from the content; say which with --format (${text(d['formats'])})`,
  },
  OUTPUT_FAILED: {
    status: 500,
    exitCode: 3,
    title: 'Output failed',
    message: (d) => `cannot write ${text(d['file'])}: ${text(d['reason'])}; what was there is as it was`,
  },
  BAD_INPUT: {
    status: 422,
    exitCode: 3,
    title: 'Bad input',
    message: (d) => `${text(d['file'])}, line ${text(d['line'])}: ${text(d['reason'])}`,
  },
  PAPER_NOT_FOUND: {
    status: 404,
    exitCode: 4,
    title: 'Paper not found',
    message: (d) => `no paper with the id ${text(d['id'])} in this workspace; \`paperkin search\` finds ids by title`,
  },
  PERSON_NOT_FOUND: {
    status: 404,
    exitCode: 4,
    title: 'Person not found',
    message: (d) => `there is no person called ${text(d['person'])}; \`paperkin person list\` shows those there are`,
  },
  INTEREST_NOT_FOUND: {
    status: 404,
    exitCode: 4,
    title: 'Interest not found',
    message: (d) => `there is no interest ${text(d['interest'])}; \`paperkin profile\` shows those there are`,
  },
  FEED_URL_NOT_FOUND: {
    status: 404,
    exitCode: 4,
    title: 'Web feed not found',
    message: (d) => `there is no web feed ${text(d['id'])}; \`paperkin feed-url list\` shows those there are`,
  },
  LINK_REFUSED: {
    status: 403,
    exitCode: 2,
    title: 'Link refused',
    message: (d) => `this link ${text(d['reason'])}; the latest mail has links that work`,
  },
  MAIL_NOT_SET_UP: {
    status: 500,
    exitCode: 2,
    title: 'No mail server',
    message: (d) => `mails cannot be sent: ${text(d['reason'])}, see docs/digest.md`,
  },
  DIGEST_FAILED: {
    status: 502,
    exitCode: 6,
    title: 'Digests failed',
    message: (d) => `${text(d['failed'])} of ${text(d['digests'])} digests could not be sent; each says why`,
  },
  FEED_EXPIRED: {
    status: 410,
    exitCode: 4,
    title: 'Feed expired',
    message: () => 'this feed is no longer kept; ask for it without a cursor to have a new one',
  },
  TOKEN_REFUSED: {
    status: 401,
    exitCode: 2,
    title: 'Token refused',
    message: (d) => text(d['message']),
  },
  KEEPER_ONLY: {
    status: 403,
    exitCode: 2,
    title: 'Not yours to change',
    message: (d) =>
      `only ${text(d['keeper'])}, who keeps this library, may do this; \`paperkin person token\` makes a token`,
  },
  LIMIT_REACHED: {
    status: 422,
    exitCode: 2,
    title: 'Too much',
    message: (d) => `at most ${text(d['limit'])} ${text(d['what'])}; nothing was changed`,
  },
  SOURCE_NOT_FOUND: {
    status: 404,
    exitCode: 4,
    title: 'Source not found',
    message: (d) => `there is no source called ${text(d['source'])}; \`paperkin source list\` shows those there are`,
  },
  NOT_FOUND: {
    status: 404,
    exitCode: 4,
    title: 'Not found',
    message: (d) => `nothing here: ${text(d['path'])}`,
  },
  JOB_NOT_FOUND: {
    status: 404,
    exitCode: 4,
    title: 'Job not found',
    message: (d) => `no job ${text(d['job'])}; jobs are forgotten when the server restarts`,
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    exitCode: 2,
    title: 'Method not allowed',
    message: (d) => `${text(d['method'])} is not possible here; possible is ${text(d['allow'])}`,
  },
  FORBIDDEN_HOST: {
    status: 403,
    exitCode: 6,
    title: 'Host refused',
    message: (d) =>
      `requests for the host ${text(d['host'])} are refused, as a page elsewhere could send them; use localhost or 127.0.0.1`,
  },
  FORBIDDEN_ORIGIN: {
    status: 403,
    exitCode: 6,
    title: 'Origin refused',
    message: (d) => `${text(d['origin'])} may not change anything here; only pages of this server may`,
  },
  PAGE_TOKEN_REFUSED: {
    status: 403,
    exitCode: 6,
    title: 'Page token refused',
    message: () => 'a browser may change something only with the token of this server; load the page again',
  },
  REQUEST_INCOMPLETE: {
    status: 408,
    exitCode: 6,
    title: 'Request incomplete',
    message: () => 'the request did not arrive in full in time; send it again',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    exitCode: 3,
    title: 'Too large',
    message: (d) => `the input is larger than ${text(d['limitBytes'])} bytes`,
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    exitCode: 3,
    title: 'Headers too large',
    message: (d) => `the address and headers are larger than ${text(d['limitBytes'])} bytes; send long texts in a body`,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    exitCode: 3,
    title: 'Unsupported media type',
    message: (d) => text(d['message']),
  },
  REQUEST_TIMEOUT: {
    status: 503,
    exitCode: 6,
    title: 'Timed out',
    message: (d) => `no answer within ${text(d['timeoutMs'])} ms; try again, or ask for fewer results`,
  },
  NOT_READY: {
    status: 503,
    exitCode: 6,
    title: 'Not ready',
    message: (d) => `the server is not ready yet: ${text(d['reason'])}`,
  },
  IMPORT_QUEUE_FULL: {
    status: 503,
    exitCode: 6,
    title: 'Too many imports',
    message: (d) => `${text(d['limit'])} imports are waiting already; try again when some are done`,
  },
  SEARCH_UNAVAILABLE: {
    status: 503,
    exitCode: 5,
    title: 'Search unavailable',
    message: (d) => `no side of the search can answer: ${text(d['reasons'])}`,
  },
  WORKSPACE_NOT_FOUND: {
    status: 500,
    exitCode: 5,
    title: 'No workspace',
    message: (d) =>
      `there is no workspace in ${text(d['workspace'])}; \`paperkin import FILE\` makes one, --workspace names another`,
  },
  WORKSPACE_LOCKED: {
    status: 409,
    exitCode: 5,
    title: 'Workspace locked',
    message: (d) =>
      `another program is writing to ${text(d['workspace'])}; wait until it ends, or give another --workspace`,
  },
  SYNC_RUNNING: {
    status: 409,
    exitCode: 5,
    title: 'Sync under way',
    message: (d) => `the sources of ${text(d['workspace'])} are being synced already; try again when that has ended`,
  },
  DIGEST_RUNNING: {
    status: 409,
    exitCode: 5,
    title: 'Digests under way',
    message: (d) => `digests of ${text(d['workspace'])} are being sent already; try again when that has ended`,
  },
  MAP_RUNNING: {
    status: 409,
    exitCode: 5,
    title: 'Map under way',
    message: (d) => `the map of ${text(d['workspace'])} is being made already; try again when that has ended`,
  },
  MAP_CHANGED: {
    status: 409,
    exitCode: 5,
    title: 'Another map',
    message: () => 'the map was laid out anew meanwhile, or there is none; ask GET /api/map for the one there is',
  },
  MAP_FAILED: {
    status: 500,
    exitCode: 5,
    title: 'No map',
    message: (d) => `the map cannot be laid out: ${text(d['reason'])}`,
  },
  NOTHING_TO_MAP: {
    status: 409,
    exitCode: 4,
    title: 'Nothing to draw',
    message: () => 'no paper is embedded yet, so none has a place on a map; `paperkin import FILE` adds papers',
  },
  WORKSPACE_TOO_NEW: {
    status: 500,
    exitCode: 5,
    title: 'Workspace too new',
    message: (d) =>
      `${text(d['workspace'])} was written by a newer Paperkin (layout ${text(d['found'])}, this one reads up to ${text(d['supported'])}); update Paperkin, nothing was changed`,
  },
  WORKSPACE_CORRUPT: {
    status: 500,
    exitCode: 5,
    title: 'Workspace damaged',
    message: (d) => `${text(d['file'])} cannot be used: ${text(d['reason'])}; \`paperkin doctor\` says more`,
  },
  WORKSPACE_UNSOUND: {
    status: 500,
    exitCode: 5,
    title: 'Workspace unsound',
    message: (d) => `${text(d['workspace'])} has ${text(d['errors'])} errors; each says above what to do`,
  },
  MODEL_MISMATCH: {
    status: 500,
    exitCode: 5,
    title: 'Another model',
    message: (d) =>
      `this workspace was embedded with ${text(d['indexed'])}, the loaded model is ${text(d['loaded'])}; start with the first one (--model), or run \`paperkin reindex\` to embed every paper anew`,
  },
  MODEL_NOT_FOUND: {
    status: 500,
    exitCode: 5,
    title: 'Model not found',
    message: (d) => `the model ${text(d['model'])} cannot be loaded: ${text(d['reason'])}`,
  },
  ENCODER_FAILED: {
    status: 500,
    exitCode: 5,
    title: 'Encoder failed',
    message: (d) => `the model could not encode a text: ${text(d['reason'])}`,
  },
  ENCODER_BUSY: {
    status: 503,
    exitCode: 6,
    title: 'Encoder busy',
    message: (d) => `${text(d['waiting'])} texts are waiting to be encoded already; try again in a moment`,
  },
  NO_RERANKER: {
    status: 400,
    exitCode: 2,
    title: 'No reranker',
    message: () =>
      'there is no model to rerank with; name a cross-encoder in the setting rerankModel (PAPERKIN_RERANK_MODEL), see docs/models.md',
  },
  /** What a source's server answered, or that it did not. */
  BACKUP_RUNNING: {
    status: 409,
    exitCode: 5,
    title: 'Backup under way',
    message: (d) => `${text(d['workspace'])} is being backed up already; try again when that has ended`,
  },
  SOURCE_FAILED: {
    status: 502,
    exitCode: 6,
    title: 'Source failed',
    message: (d) => `${text(d['url'])}: ${text(d['reason'])}`,
  },
  /** The server asked for quiet, or the day's requests are used up. */
  SOURCE_WAITS: {
    status: 503,
    exitCode: 6,
    title: 'Source waits',
    message: (d) => `${text(d['reason'])}; it goes on after ${text(d['until'])}`,
  },
  ADDRESS_REFUSED: {
    status: 403,
    exitCode: 6,
    title: 'Address refused',
    message: (d) => `${text(d['url'])} is not fetched: ${text(d['reason'])}`,
  },
  SYNC_FAILED: {
    status: 502,
    exitCode: 6,
    title: 'Sync failed',
    message: (d) => `${text(d['failed'])} of ${text(d['sources'])} sources could not be synced; each says why`,
  },
  SERVER_FAILED: {
    status: 500,
    exitCode: 6,
    title: 'Server failed',
    message: (d) => text(d['reason']),
  },
  INTERRUPTED: {
    status: 503,
    exitCode: 130,
    title: 'Interrupted',
    message: () => 'interrupted; what was reported stored is kept, run the same command again to go on',
  },
  /** What a person is told of a bug; the log has the rest. */
  INTERNAL: {
    status: 500,
    exitCode: 1,
    title: 'Internal error',
    message: () => 'something went wrong inside Paperkin, which is a bug; the log of the server says more',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Details;

  constructor(code: ErrorCode, details: Details = {}, options?: { cause?: unknown }) {
    super(ERRORS[code].message(details), options);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }

  get title(): string {
    return ERRORS[this.code].title;
  }
}

/** The message of anything thrown, for `reason` fields. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
