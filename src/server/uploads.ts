import busboy from 'busboy';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import { AppError, reasonOf } from '../errors.ts';
import { ClientLeft, invalidRequest } from './problem.ts';
import { LabelParameters, parse, uploadLabels, uploadParameters, type UploadLabels } from './request.ts';

/** A file received whole. Its path holds nothing that the client said. */
export interface Upload extends UploadLabels {
  readonly file: string;
}

export interface Uploads {
  /** Makes the folder and removes what a server that died left in it. */
  prepare(): Promise<void>;
  /**
   * Streams the body of a request, raw or multipart/form-data, to disk and hands the file over to `take`. Nothing stays on
   * disk when either fails. Throws what `take` throws, INVALID_REQUEST (empty, no file, several files, broken form), PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, SERVER_FAILED.
   */
  receive<T>(req: Request, take: (upload: Upload) => T): Promise<T>;
}

/** `upload-<process id>-<uuid>`: the process id tells uploads under way in another server from leftovers. */
const UPLOAD_NAME = /^upload-(\d+)-[0-9a-f-]{36}$/;
/** What a form may add around its file: boundaries, part headers, the two fields. */
const FORM_OVERHEAD_BYTES = 64 * 1024;
const MAX_FIELD_BYTES = 1_000;

interface Received {
  readonly bytes: number;
  readonly name: string | undefined;
  readonly format: string | undefined;
}

export function createUploads(dir: string, maxBytes: number): Uploads {
  return {
    async prepare() {
      await mkdir(dir, { recursive: true });
      for (const name of await readdir(dir)) {
        if (isLeftover(name)) await rm(join(dir, name), { force: true });
      }
    },
    async receive(req, take) {
      const given = uploadParameters(req);
      refuseUnread(req, maxBytes);
      const file = join(dir, `upload-${process.pid}-${randomUUID()}`);
      try {
        const received = isForm(req) ? await receiveForm(req, file, maxBytes) : await receiveRaw(req, file, maxBytes);
        if (received.bytes === 0) throw invalidRequest([{ field: 'the upload', message: 'is empty' }]);
        return take({ file, ...uploadLabels(given.name ?? received.name, given.format ?? received.format) });
      } catch (thrown) {
        // What still comes is read and dropped, so that the client gets to read the answer.
        req.resume();
        await rm(file, { force: true });
        throw storageError(thrown);
      }
    },
  };
}

function isLeftover(name: string): boolean {
  const pid = UPLOAD_NAME.exec(name)?.[1];
  // Before the first upload, a file of this very process id is one of an earlier process that had it too.
  return pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid)));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    // EPERM: it runs, under another user.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Refuses by the headers alone what would be refused after reading. */
function refuseUnread(req: Request, maxBytes: number): void {
  if (declaresTooMuch(req, maxBytes)) throw new AppError('PAYLOAD_TOO_LARGE', { limitBytes: maxBytes });
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
      message: `Content-Encoding ${encoding} is not read; send a compressed file as it is, without that header`,
    });
  }
}

/** Whether the headers alone say that an upload is over the limit. */
export function declaresTooMuch(req: IncomingMessage, maxBytes: number): boolean {
  const allowance = isForm(req) ? FORM_OVERHEAD_BYTES : 0;
  return Number(req.headers['content-length'] ?? 0) > maxBytes + allowance;
}

function isForm(req: IncomingMessage): boolean {
  return /^multipart\/form-data\b/i.test(req.headers['content-type'] ?? '');
}

async function receiveRaw(req: Request, file: string, maxBytes: number): Promise<Received> {
  // Ending the iterator must leave the request open: its answer goes over the same connection.
  const body = req.iterator({ destroyOnReturn: false });
  try {
    return { bytes: await save(body, file, maxBytes), name: undefined, format: undefined };
  } catch (thrown) {
    throw cutShort(req) ? new ClientLeft() : thrown;
  }
}

async function receiveForm(req: Request, file: string, maxBytes: number): Promise<Received> {
  const form = openForm(req);
  const fields = new Map<string, string>();
  let saving: Promise<number> | undefined;
  let filename: string | undefined;
  const left = new AbortController();
  const onClose = (): void => left.abort();
  req.once('close', onClose);
  const parsed = new Promise<void>((resolve, reject) => {
    form.on('file', (_field, stream, info) => {
      // Told through the form's own error event and the pipeline; unheard it would end the process.
      stream.on('error', () => undefined);
      if (saving) {
        stream.resume();
        reject(invalidRequest([{ field: 'the form', message: 'has more than one file; send one a request' }]));
        return;
      }
      filename = info.filename;
      saving = save(stream, file, maxBytes);
      saving.catch(reject);
    });
    form.on('field', (name, value) => void fields.set(name, value));
    form.on('error', (thrown) => reject(brokenForm(thrown)));
    form.on('close', resolve);
    left.signal.addEventListener('abort', () => cutShort(req) && reject(new ClientLeft()));
  });
  req.pipe(form);
  try {
    await parsed;
    if (!saving) throw invalidRequest([{ field: 'the form', message: 'has no file' }]);
    const bytes = await saving;
    const { name = filename, format } = parse(LabelParameters, Object.fromEntries(fields));
    return { bytes, name, format };
  } catch (thrown) {
    req.unpipe(form);
    form.destroy();
    await saving?.catch(() => undefined);
    throw thrown;
  } finally {
    req.off('close', onClose);
  }
}

function openForm(req: Request): busboy.Busboy {
  try {
    return busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { fields: 10, fieldSize: MAX_FIELD_BYTES, parts: 20 },
    });
  } catch (thrown) {
    throw brokenForm(thrown);
  }
}

function brokenForm(thrown: unknown): AppError {
  return new AppError('INVALID_REQUEST', { message: `the form cannot be read: ${reasonOf(thrown)}` });
}

function cutShort(req: Request): boolean {
  return !req.complete && req.destroyed;
}

/** Writes a stream to a new file and gives its size in bytes. Throws PAYLOAD_TOO_LARGE at the first byte too many. */
async function save(source: Readable | AsyncIterable<unknown>, file: string, maxBytes: number): Promise<number> {
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new AppError('PAYLOAD_TOO_LARGE', { limitBytes: maxBytes }));
      else done(null, chunk);
    },
  });
  await pipeline(source, meter, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  return bytes;
}

/** A full disk or a folder that went away is the machine's trouble, not a bug; the path stays out of the answer. */
function storageError(thrown: unknown): unknown {
  const known = thrown instanceof AppError || thrown instanceof ClientLeft;
  if (known || !(thrown instanceof Error) || !('syscall' in thrown) || !('code' in thrown)) return thrown;
  const reason = `the upload cannot be stored (${String(thrown.code)})`;
  return new AppError('SERVER_FAILED', { reason }, { cause: thrown });
}
