import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

/**
 * What the server does with a mail. `refuse`: no such mailbox, for good. `later`: a failure that passes, before the message or
 * after. `cut before`: the connection goes
 * instead of the word that the message may come. `cut`: it goes once the message begins. `cut after`: it goes when the message is there in full, without an
 * answer. `hang`: no answer at all.
 */
export type Behaviour =
  | 'accept'
  | 'refuse'
  | 'refuse message'
  | 'later'
  | 'later message'
  | 'cut before'
  | 'cut'
  | 'cut after'
  | 'hang'
  | 'no login';

export interface MailServer {
  readonly url: string;
  /** Whole messages that arrived, whatever was answered. */
  readonly arrived: Buffer[];
  readonly logins: string[];
  connections: number;
  behaviour: Behaviour;
  mail(index: number): Promise<ParsedMail>;
  /** Resolves when the next whole message is there. */
  next(): Promise<void>;
}

const failure = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

/** A real SMTP server on loopback, closed after the test. */
export async function mailServer(behaviour: Behaviour = 'accept', more: SMTPServerOptions = {}): Promise<MailServer> {
  const waiting: Array<() => void> = [];
  const held: MailServer = {
    ...{ url: '', arrived: [], logins: [], connections: 0, behaviour },
    mail: (index) => simpleParser(held.arrived[index] ?? Buffer.of()),
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
  const sockets = new Set<Socket>();
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  const server = new SMTPServer({
    authOptional: true,
    // Milliseconds that open connections have once the test is over.
    closeTimeout: 1,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onConnect: (_session, done) => {
      held.connections += 1;
      done();
    },
    onAuth: ({ username = '', password = '' }, _session, done) => {
      held.logins.push(`${username}:${password}`);
      if (held.behaviour === 'no login') done(failure(535, 'wrong password'));
      else done(null, { user: username });
    },
    onRcptTo: (_address, _session, done) => {
      if (held.behaviour === 'refuse') done(failure(550, 'no such mailbox'));
      else if (held.behaviour === 'later') done(failure(451, 'greylisted'));
      else done();
    },
    onData: (stream, _session, done) => {
      // Nothing was let in yet: the server says so only after this.
      if (held.behaviour === 'cut before') cut();
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (held.behaviour === 'cut') cut();
      });
      stream.on('end', () => {
        held.arrived.push(Buffer.concat(chunks));
        for (const wake of waiting.splice(0)) wake();
        if (held.behaviour === 'cut after') cut();
        else if (held.behaviour === 'refuse message') done(failure(554, 'looks like spam'));
        else if (held.behaviour === 'later message') done(failure(452, 'disk full'));
        else if (held.behaviour !== 'hang') done();
      });
    },
    ...more,
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  listening.on('connection', (socket: Socket) => sockets.add(socket));
  await once(listening, 'listening');
  const { port }: AddressInfo = addressOf(listening.address());
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return Object.assign(held, { url: `${more.secure ? 'smtps' : 'smtp'}://127.0.0.1:${port}` });
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}
