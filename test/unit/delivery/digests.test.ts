import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMailer } from '../../../src/delivery/mail.ts';
import {
  changedSchedule,
  createDigests,
  createLinks,
  DIGEST_SETTING,
  type Digests,
  scheduleOf,
} from '../../../src/delivery/mod.ts';
import { lockForDigests } from '../../../src/store/mod.ts';
import { ROOT } from '../../support/judged.ts';
import { reader, type Reader } from '../../support/reader.ts';
import { type Behaviour, mailServer, type MailServer } from '../../support/smtp.ts';

const PUBLIC_URL = 'https://papers.example.org';

interface Desk extends Reader {
  readonly server: MailServer;
  readonly digests: Digests;
  /** The time by which digests are due; moves only when told to. */
  now: Date;
  readonly pass: (hours: number) => void;
}

/** A reader whose digest is due at 7:00 UTC, at 7:30, and a mail server. */
async function desk(behaviour: Behaviour = 'accept', readerOf = reader()): Promise<Desk> {
  const held = await readerOf;
  const server = await mailServer(behaviour);
  const { people, person, workspace, feedFor, lastingId, lastKey } = held;
  const clock = { now: new Date('2026-11-27T07:30:00Z') };
  const schedule = { to: 'ada@example.org', hour: 7, zone: 'UTC' };
  people.signals(person).set(DIGEST_SETTING, changedSchedule(undefined, schedule, new Date('2026-11-01T00:00:00Z')));
  const digests = createDigests({
    ...{ people, feedFor, lastingId, lastKey, publicUrl: PUBLIC_URL, mailFrom: 'Paperkin <paperkin@example.org>' },
    links: createLinks(people.secret('links'), PUBLIC_URL),
    mailer: createMailer({ smtpUrl: server.url }),
    lock: () => lockForDigests(workspace),
    clock: () => clock.now,
  });
  const pass = (hours: number): void => {
    clock.now = new Date(clock.now.getTime() + hours * 3_600_000);
  };
  return Object.assign(clock, { ...held, server, digests, pass });
}

const stateOf = ({ people, person }: Reader, period = '2026-11-27') => people.outbox(person).find(period);

describe('a digest that is due', () => {
  it('is sent once, and its papers count as shown', async () => {
    const all = await desk();
    expect(await all.digests.send()).toEqual([
      { person: 'me', period: '2026-11-27', state: 'sent', papers: 3, reason: null },
    ]);
    expect(await all.digests.send()).toEqual([]);
    expect(await all.digests.send({ person: all.person, now: true })).toEqual([]);
    expect(all.server.arrived).toHaveLength(1);
    const shown = all.people.signals(all.person).impressions();
    expect(shown.map(({ paper, place }) => [paper, place])).toEqual([
      ['arXiv:2611.00001', 'mail'],
      ['arXiv:2611.00002', 'mail'],
      ['arXiv:2611.00003', 'mail'],
    ]);
    expect(stateOf(all)).toMatchObject({
      state: 'sent',
      attempts: 1,
      papers: shown.map(({ paper }) => paper).reverse(),
    });
  });

  it('that would hold nothing is no mail', async () => {
    const all = await desk();
    await all.digests.send();
    all.pass(24);
    expect(await all.digests.send()).toMatchObject([
      { period: '2026-11-28', state: 'empty', reason: 'only 0 papers are new' },
    ]);
    expect(await all.digests.send()).toEqual([]);
    expect(all.server.connections).toBe(1);
  });

  it('does not keep another from being sent when its feed fails', async () => {
    const held = await reader();
    const broken: Reader['feedFor'] = async (person, request) => {
      if (person.isDefault) throw new Error('the profile is broken');
      return held.feedFor(person, request);
    };
    const all = await desk('accept', Promise.resolve({ ...held, feedFor: broken }));
    const { person } = all.people.add('bo');
    all.people.signals(person).set(DIGEST_SETTING, all.people.signals(all.person).settings()[DIGEST_SETTING]);
    expect(await all.digests.send()).toMatchObject([
      { person: 'me', state: 'error', reason: 'the profile is broken' },
      { person: 'bo', state: 'sent' },
    ]);
    expect(all.people.outbox(all.person).list()).toEqual([]);
  });

  it('waits while another program sends', async () => {
    const all = await desk();
    const lock = lockForDigests(all.workspace);
    await expect(all.digests.send()).rejects.toMatchObject({ code: 'DIGEST_RUNNING' });
    lock.release();
    expect(await all.digests.send()).toMatchObject([{ state: 'sent' }]);
  });
});

describe('a mail server that', () => {
  it.each(['later', 'later message', 'cut before'] as const)(
    'fails for now (%s) is tried again, later and later',
    async (behaviour) => {
      const all = await desk(behaviour);
      expect(await all.digests.send()).toMatchObject([{ state: 'ready' }]);
      expect(stateOf(all)).toMatchObject({ attempts: 1, nextTry: '2026-11-27T07:35:00.000Z', bounced: false });
      expect(await all.digests.send()).toEqual([]);
      all.pass(0.1);
      expect(await all.digests.send()).toMatchObject([{ state: 'ready' }]);
      expect(stateOf(all)).toMatchObject({ attempts: 2, nextTry: '2026-11-27T07:46:00.000Z' });
      all.server.behaviour = 'accept';
      all.pass(1);
      expect(await all.digests.send()).toMatchObject([{ state: 'sent' }]);
      const taken = await all.server.mail(all.server.arrived.length - 1);
      expect(taken.messageId).toMatch(/^<digest\.2026-11-27\.[0-9a-f]{24}@example\.org>$/);
    },
  );

  it('refuses the password is asked again later, and the password is told to nobody else', async () => {
    const server = await mailServer('no login');
    const url = new URL(server.url);
    Object.assign(url, { username: 'ada', password: 'se%20cret' });
    const outcome = await createMailer({ smtpUrl: url.href }).send({
      ...{ from: 'a@example.org', to: 'b@example.org', subject: 's', html: '<p>h</p>', text: 't', headers: {} },
      ...{ messageId: '<1@example.org>', date: new Date() },
    });
    expect(outcome).toMatchObject({ kind: 'not-taken', reason: expect.stringContaining('wrong password') });
    expect(JSON.stringify(outcome)).not.toContain('cret');
    expect(server.logins).toEqual(['ada:se cret']);
  });

  it('cannot be reached is tried for half a day, and no longer', async () => {
    const all = await desk();
    const digests = createDigests({
      ...{
        people: all.people,
        feedFor: all.feedFor,
        lastingId: all.lastingId,
        lastKey: all.lastKey,
        publicUrl: PUBLIC_URL,
      },
      ...{ mailFrom: 'paperkin@example.org', links: createLinks(all.people.secret('links'), PUBLIC_URL) },
      mailer: createMailer({ smtpUrl: 'smtp://127.0.0.1:9' }),
      lock: () => lockForDigests(all.workspace),
      clock: () => all.now,
    });
    const states: unknown[] = [];
    for (let hour = 0; hour < 16; hour += 1) {
      states.push(...(await digests.send()).map(({ state }) => state));
      all.pass(1);
    }
    expect(states).toEqual(['ready', 'ready', 'ready', 'ready', 'ready', 'ready', 'ready', 'failed']);
    expect(stateOf(all)).toMatchObject({ state: 'failed', attempts: 8, nextTry: null, bounced: false });
    expect(all.people.signals(all.person).impressions()).toEqual([]);
  });

  it('refuses the address three times in a row pauses the schedule, until it is set again', async () => {
    const all = await desk('refuse');
    for (const day of [27, 28, 29]) {
      expect(await all.digests.send()).toMatchObject([{ period: `2026-11-${day}`, state: 'failed' }]);
      expect(stateOf(all, `2026-11-${day}`)).toMatchObject({
        bounced: true,
        reason: expect.stringContaining('no such mailbox'),
      });
      all.pass(24);
    }
    expect(await all.digests.send()).toEqual([]);
    const signals = all.people.signals(all.person);
    const paused = scheduleOf(signals.settings());
    expect(paused?.paused).toMatch(/^ada@example\.org was refused 3 times in a row.*no such mailbox/);
    signals.set(DIGEST_SETTING, changedSchedule(paused, {}, all.now));
    all.pass(24);
    expect(await all.digests.send()).toMatchObject([{ period: '2026-12-01', state: 'failed' }]);
    expect(scheduleOf(signals.settings())?.paused).toBeNull();
  });

  it('refuses the message for good is no bounce, and is not asked again', async () => {
    const all = await desk('refuse message');
    expect(await all.digests.send()).toMatchObject([{ state: 'failed' }]);
    expect(stateOf(all)).toMatchObject({ bounced: false, reason: expect.stringContaining('looks like spam') });
    all.pass(1);
    expect(await all.digests.send()).toEqual([]);
  });

  it.each(['cut', 'cut after'] as const)(
    'goes once the message has begun (%s) may have taken it: never again',
    async (behaviour) => {
      const all = await desk(behaviour);
      expect(await all.digests.send()).toMatchObject([{ state: 'uncertain' }]);
      all.server.behaviour = 'accept';
      all.pass(1);
      expect(await all.digests.send()).toEqual([]);
      expect(all.server.connections).toBe(1);
      all.pass(24);
      expect(await all.digests.send()).toMatchObject([{ period: '2026-11-28', state: 'sent', papers: 3 }]);
    },
  );

  it('was tried in vain until the next digest is due gets that one alone', async () => {
    const all = await desk('later');
    all.pass(16);
    expect(await all.digests.send()).toMatchObject([{ state: 'ready' }]);
    all.pass(8);
    all.server.behaviour = 'accept';
    expect(await all.digests.send()).toMatchObject([{ period: '2026-11-28', state: 'sent' }]);
    expect(stateOf(all)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^the next one was due; .*greylisted/),
    });
  });
});

describe('a sender that is killed', () => {
  const send = (workspace: string, url: string) =>
    spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'test', 'support', 'send-digest.ts'), workspace, url], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  it('while the server has the message leaves it uncertain, and nobody sends it again', async () => {
    const all = await desk('hang');
    const arrival = all.server.next();
    const child = send(all.workspace, all.server.url);
    const closed = once(child, 'close');
    await arrival;
    child.kill('SIGKILL');
    await closed;
    const [begun] = all.people.outbox(all.person).list();
    expect(begun).toMatchObject({ state: 'sending', attempts: 1 });
    all.server.behaviour = 'accept';
    const again = send(all.workspace, all.server.url);
    let told = '';
    again.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
    await once(again, 'close');
    expect(told).toBe('[]\n');
    expect(all.people.outbox(all.person).list()).toMatchObject([
      { state: 'uncertain', reason: expect.stringContaining('may have arrived') },
    ]);
    expect(all.server.arrived).toHaveLength(1);
  });
});
