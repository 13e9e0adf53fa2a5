import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { reasonOf } from '../errors.ts';
import type { Letter, Mailer, MailOutcome } from './contract.ts';
import { plain } from './plain.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;
/** Connecting, the greeting, and the longest silence; RFC 5321 (4.5.3.2) allows more, but then the next digest waits. */
const TIMEOUTS = { connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 120_000 };

export interface MailOptions extends Partial<typeof TIMEOUTS> {
  /** `smtps://user:password@host:465` or `smtp://…`; STARTTLS is used where the server has it. */
  readonly smtpUrl: string;
}

/** Hands letters to an SMTP server, a connection each. */
export function createMailer({ smtpUrl, ...timeouts }: MailOptions): Mailer {
  return {
    async send(letter) {
      const { envelope, message } = await compose(letter);
      const delivery = new Delivery(smtpUrl, { ...TIMEOUTS, ...timeouts });
      return delivery.run(envelope, message);
    },
  };
}

/** What the connection adds to an error: the server's code, which command it answered, and Node's own code. */
interface SMTPError extends Error {
  readonly responseCode?: number;
  readonly command?: string;
  readonly code?: string;
  readonly originalCode?: string;
  readonly timeoutType?: string;
}

/** What to set where a connection cannot be made as `smtpUrl` has it, by the codes of Node, OpenSSL and nodemailer. */
const ADVICE: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /SELF_SIGNED|UNABLE_TO_/,
    'set NODE_EXTRA_CA_CERTS to a file with the certificate of the mail server or its authority',
  ],
  [/ALTNAME/, 'write smtpUrl with a name that is in the certificate of the mail server'],
  [
    /WRONG_VERSION_NUMBER/,
    'this port does not speak TLS from the start: write smtpUrl with smtp:// instead of smtps://',
  ],
  [/GREETING_TIMEOUT/, 'if this port speaks TLS from the start, as 465 does, write smtpUrl with smtps://'],
  [/ETLS/, 'TLS fails at this port, and without it a password is sent to this machine itself only: try another port'],
];

function reasonFor(thrown: unknown): string {
  const { code, originalCode, timeoutType }: Partial<SMTPError> = thrown instanceof Error ? thrown : {};
  const codes = [code, originalCode, timeoutType].join(' ');
  const advice = ADVICE.find(([pattern]) => pattern.test(codes))?.[1];
  // OpenSSL puts places in its own source around what it says.
  const said = reasonOf(thrown).replace(/^\S+:error:[^:]+:[^:]*:[^:]*:([^:]+):[\s\S]*$/, '$1');
  return plain(advice === undefined ? said : `${said}; ${advice}`);
}

interface Envelope {
  readonly from: string;
  readonly to: string[];
}

async function compose(letter: Letter): Promise<{ readonly envelope: Envelope; readonly message: Buffer }> {
  const { headers, ...fields } = letter;
  const prepared = Object.entries(headers).map(([key, value]) => ({ key, value: { prepared: true, value } }));
  const node = new MailComposer({
    ...fields,
    headers: prepared,
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from, to } = node.getEnvelope();
  return { envelope: { from: from === false ? '' : (from ?? ''), to }, message: await node.build() };
}

class Delivery {
  readonly #connection: SMTPConnection;
  readonly #auth;
  /** From here on the server may take the message, whether or not its answer arrives. */
  #handedOver = false;

  constructor(smtpUrl: string, timeouts: typeof TIMEOUTS) {
    const { auth, ...options } = parseConnectionUrl(smtpUrl);
    // A password never goes over a network in the clear, whatever else the address asks for.
    const requireTLS = auth !== undefined && !options.secure && !LOOPBACK.test(options.host ?? '');
    this.#auth = auth;
    this.#connection = new SMTPConnection({ ...options, ...timeouts, ...(requireTLS ? { requireTLS } : {}) });
    // What goes wrong when nothing is under way any more concerns nobody, and must not end the program.
    this.#connection.on('error', () => undefined);
  }

  async run(envelope: Envelope, message: Buffer): Promise<MailOutcome> {
    try {
      await this.#step((done) => this.#connection.connect(done));
      const auth = this.#auth;
      if (auth) await this.#step((done) => this.#connection.login(auth, done));
      await this.#step((done) => this.#connection.send(envelope, this.#watched(message), done));
      this.#connection.quit();
      return { kind: 'taken' };
    } catch (thrown) {
      this.#connection.close();
      return outcomeOf(thrown, this.#handedOver);
    }
  }

  /** The connection reads it only once the server has said that it may. */
  #watched(message: Buffer): Readable {
    const begun = (): void => void (this.#handedOver = true);
    return new Readable({
      read() {
        begun();
        this.push(message);
        this.push(null);
      },
    });
  }

  #step(work: (done: (error?: Error | null) => void) => void): Promise<void> {
    const connection = this.#connection;
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('the connection was closed'));
      connection.once('error', reject);
      connection.once('end', ended);
      work((error) => {
        connection.off('error', reject);
        connection.off('end', ended);
        if (error) reject(error);
        else resolve();
      });
    });
  }
}

function outcomeOf(thrown: unknown, handedOver: boolean): MailOutcome {
  const { responseCode: code, command = '' }: SMTPError = thrown instanceof Error ? thrown : new Error(String(thrown));
  const reason = reasonFor(thrown);
  // A server that answers with a failure has not taken the message (RFC 5321, 4.2.5); one that is silent may have.
  if (handedOver && (code === undefined || command !== 'DATA')) return { kind: 'uncertain', reason };
  // What is wrong before the recipient is named concerns every letter, and is put right in the settings or at the server.
  const ofThisLetter = command === 'RCPT TO' || command === 'DATA';
  if (ofThisLetter && code !== undefined && code >= 500) {
    return { kind: 'refused', reason, bounced: command === 'RCPT TO' };
  }
  return { kind: 'not-taken', reason };
}
