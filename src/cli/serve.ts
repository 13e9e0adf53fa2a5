import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { openServing, SAMPLE_SOURCE, sampleFile } from '../app/mod.ts';
import { AppError } from '../errors.ts';
import { type Context, contextOf, type GlobalFlags } from './context.ts';
import { DigestTimer } from './digest-schedule.ts';
import { importInProcess } from './import-process.ts';
import { interruption } from './interruption.ts';
import type { SyncRun } from '../server/mod.ts';
import { backUpInProcess } from './backup-process.ts';
import { clean, printJson, printLine } from './print.ts';
import { syncInProcess } from './sync-process.ts';
import { intervalMs, SyncSchedule } from './sync-schedule.ts';

interface ServeFlags extends GlobalFlags {
  readonly host?: string;
  readonly port?: string;
  readonly strictPort?: boolean;
  readonly withSample?: boolean;
  readonly syncEvery?: string;
}

export function addServe(program: Command): Command {
  return program
    .command('serve')
    .description('answer searches over HTTP and in the browser')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <n>', 'port to listen on (default: 8080, or the next free one)')
    .option('--strict-port', 'fail when the port is taken')
    .option('--sync-every <interval>', 'sync the sources that are due: 30m, 6h, 1d (default: never)')
    .option('--with-sample', 'import the bundled sample library when the workspace is empty')
    .action(async (flags: ServeFlags) => {
      const { host, port, syncEvery } = flags;
      await serve(contextOf(flags, { host, port, syncEvery }), flags);
    });
}

async function serve({ config, json, quiet }: Context, flags: ServeFlags): Promise<void> {
  const stop = interruption('shutting down; once more to stop at once');
  const runImport = importInProcess(config);
  const sync = syncInProcess(config);
  const options = {
    ...{ strictPort: flags.strictPort ?? false, quiet, runImport },
    // The schedule waits for its sync to end before the server is closed, which would end it.
    runSync: (run: SyncRun) => sync({ ...run, signal: AbortSignal.any([run.signal, stop.signal]) }),
    backUp: backUpInProcess(config),
    nextSync: () => schedule.next(),
  };
  const { server, sources, digests, lacksSample, follow, close } = await openServing(config, options);
  const schedule = new SyncSchedule({
    workspace: config.workspace,
    sources,
    sync: (names) => server.sync(names),
    everyMs: intervalMs(config.syncEvery),
    tell: (line) => void (quiet || process.stderr.write(`sync: ${clean(line)}\n`)),
  });
  const mails = new DigestTimer({
    digests,
    tell: (line) => void (quiet || process.stderr.write(`digest: ${clean(line)}\n`)),
  });
  try {
    if (flags.withSample && lacksSample()) {
      const file = sampleFile();
      if (!existsSync(file)) throw new AppError('FILE_NOT_FOUND', { file, reason: 'the sample library is not there' });
      if (!quiet) process.stderr.write('importing the bundled sample library\n');
      await runImport({ file, name: SAMPLE_SOURCE, onProgress() {}, signal: stop.signal });
    }
    await follow();
    const { url, port } = await server.listen();
    if (json) printJson({ url, port });
    else printLine(`Paperkin is ready: ${url}`);
    await schedule.start();
    if (config.smtpUrl !== '') mails.start();
    await new Promise<void>((resolve) => {
      if (stop.signal.aborted) resolve();
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    await mails.close();
    await schedule.close();
    await server.close();
    await close();
    stop.release();
  }
}
