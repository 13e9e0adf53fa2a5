import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { SMTPServerOptions } from 'smtp-server';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMailer } from '../../../src/delivery/mail.ts';
import { changedSchedule, DIGEST_SETTING, type Letter } from '../../../src/delivery/mod.ts';
import { ROOT } from '../../support/judged.ts';
import { reader } from '../../support/reader.ts';
import { type Behaviour, mailServer, type MailServer } from '../../support/smtp.ts';

/** A certificate of 127.0.0.1's own, and its key. */
let identity: { readonly cert: string; readonly key: string };
beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'mail.example.org' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  identity = { cert, key };
});

interface TlsServer extends MailServer {
  /** Of each letter that was begun, whether the connection was safe. */
  readonly safe: boolean[];
}

/** `from the start`: TLS before any word. `when asked`: STARTTLS. No password is taken without. */
async function tlsServer(when: 'from the start' | 'when asked', behaviour: Behaviour = 'accept'): Promise<TlsServer> {
  const safe: boolean[] = [];
  const options: SMTPServerOptions = {
    ...identity,
    ...{ secure: when === 'from the start', disabledCommands: [], allowInsecureAuth: false },
    onMailFrom: (_address, { secure }, done) => {
      safe.push(secure);
      done();
    },
  };
  return Object.assign(await mailServer(behaviour, options), { safe });
}

const LETTER: Letter = {
  ...{ from: 'a@example.org', to: 'b@example.org', subject: 's', html: '<p>h</p>', text: 't', headers: {} },
  ...{ messageId: '<1@example.org>', date: new Date('2026-11-27T07:30:00Z') },
};

const send = (smtpUrl: string) => createMailer({ smtpUrl, greetingTimeout: 500 }).send(LETTER);

const withPassword = (url: string): string => url.replace('://', '://ada:secret@');

/** Sends a digest from a program of its own, which trusts the certificate as docs/digest.md has it. */
async function sendTrusting(smtpUrl: string): Promise<unknown> {
  const { people, person, workspace } = await reader();
  people.signals(person).set(DIGEST_SETTING, changedSchedule(undefined, { to: 'ada@example.org' }, new Date()));
  const trusted = join(workspace, 'mail-server.pem');
  writeFileSync(trusted, identity.cert);
  const sender = join(ROOT, 'test', 'support', 'send-digest.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', sender, workspace, smtpUrl], {
    ...{ cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    env: { ...process.env, NODE_EXTRA_CA_CERTS: trusted },
  });
  let told = '';
  child.stdout?.on('data', (chunk: Buffer) => (told += chunk.toString()));
  await once(child, 'close');
  return JSON.parse(told);
}

describe.each(['from the start', 'when asked'] as const)('a mail server that speaks TLS %s', (when) => {
  it('gets password and letter over TLS once its certificate is trusted', async () => {
    const server = await tlsServer(when);
    expect(await sendTrusting(withPassword(server.url))).toMatchObject([{ state: 'sent', papers: 3, reason: null }]);
    expect([server.logins, server.safe, server.arrived.length]).toEqual([['ada:secret'], [true], 1]);
  });

  it('gets neither while its certificate is not, and the reason says what to set', async () => {
    const server = await tlsServer(when);
    expect(await send(withPassword(server.url))).toEqual({
      kind: 'not-taken',
      reason:
        'self-signed certificate; set NODE_EXTRA_CA_CERTS to a file with the certificate of the mail server or its authority',
    });
    expect([server.logins, server.safe, server.arrived]).toEqual([[], [], []]);
  });

  it('and refuses the password is asked again later', async () => {
    const server = await tlsServer(when, 'no login');
    expect(await send(`${withPassword(server.url)}?tls.rejectUnauthorized=false`)).toEqual({
      kind: 'not-taken',
      reason: 'Invalid login: 535 wrong password',
    });
    expect([server.logins, server.safe]).toEqual([['ada:secret'], []]);
  });
});

describe('a mail server whose address is wrong about TLS', () => {
  it.each([
    [
      'of another name',
      'from the start',
      '?servername=mail.example.net',
      /not match.*; write smtpUrl with a name that/,
    ],
    [
      'asked for TLS from the start, without having it',
      'when asked',
      '',
      /^wrong version number; .* smtp:\/\/ instead/,
    ],
    ['asked in the clear, where all is TLS', 'from the start', '', /^Greeting never received; .* with smtps:\/\/$/],
  ] as const)('(%s) gets nothing, and the reason says what to write', async (what, when, more, reason) => {
    const server = await tlsServer(when);
    const trusting = `&tls.ca=${encodeURIComponent(identity.cert)}`;
    const url =
      what === 'of another name'
        ? `${server.url}${more}${trusting}`
        : server.url.replace(/^smtps?/, when === 'when asked' ? 'smtps' : 'smtp');
    expect(await send(url)).toEqual({ kind: 'not-taken', reason: expect.stringMatching(reason) });
    expect(server.arrived).toEqual([]);
  });
});

describe('a mail server elsewhere that knows no TLS', () => {
  // 0.0.0.0 reaches this machine, and is not one of the names that are known to.
  const elsewhere = ({ url }: MailServer): string => withPassword(url).replace('127.0.0.1', '0.0.0.0');

  it.each(['', '?requireTLS=false', '?ignoreTLS=true', '?opportunisticTLS=true'])(
    'is never told a password, whatever the address asks for (%s)',
    async (asked) => {
      const server = await mailServer();
      expect(await send(elsewhere(server) + asked)).toEqual({
        kind: 'not-taken',
        reason: expect.stringMatching(/STARTTLS.*; TLS fails at this port, and without it a password/),
      });
      expect([server.connections, server.logins, server.arrived]).toEqual([1, [], []]);
    },
  );

  it('gets letters without a password', async () => {
    const server = await mailServer();
    expect(await send(server.url.replace('127.0.0.1', '0.0.0.0'))).toEqual({ kind: 'taken' });
  });
});
