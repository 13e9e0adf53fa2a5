import { Command } from 'commander';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { deliverOver } from '../../../src/app/mod.ts';
import { withGlobalFlags } from '../../../src/cli/context.ts';
import { addConfig } from '../../../src/cli/config.ts';
import { addDigest, type OpenDelivery } from '../../../src/cli/digest.ts';
import { DigestTimer } from '../../../src/cli/digest-schedule.ts';
import { addFeedUrl } from '../../../src/cli/feed-url.ts';
import { loadConfig } from '../../../src/config.ts';
import { changedSchedule, DIGEST_SETTING } from '../../../src/delivery/mod.ts';
import { Workspace } from '../../../src/store/mod.ts';
import { reader } from '../../support/reader.ts';
import { mailServer } from '../../support/smtp.ts';

/** The commands over a workspace with papers; `run` gives what they print. */
async function desk(smtpUrl = '') {
  const held = await reader();
  const { workspace } = held;
  await Workspace.open(workspace, { create: true });
  const settings = { SMTP_URL: smtpUrl, MAIL_FROM: 'paperkin@example.org', PUBLIC_URL: 'https://papers.example.org/' };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(`PAPERKIN_${name}`, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const open: OpenDelivery = async (config) => ({
    delivery: deliverOver(config, held, held.feedFor),
    close: async () => undefined,
  });
  const program = (): Command => {
    const all = new Command().exitOverride();
    for (const command of [addDigest(all, open), addFeedUrl(all), addConfig(all)])
      withGlobalFlags(command).exitOverride();
    return all;
  };
  const run = async (...args: string[]): Promise<string> => {
    let printed = '';
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    try {
      await program().parseAsync([...args, '--workspace', workspace, '--quiet'], { from: 'user' });
    } finally {
      out.mockRestore();
    }
    return printed;
  };
  return { ...held, open, run };
}

describe('paperkin digest', () => {
  it('previews without a mail server, a schedule or a trace', async () => {
    const { run, people, person } = await desk();
    expect(await run('digest', 'preview')).toMatch(/^<!doctype html>[\s\S]*What 2611\.00003 found[\s\S]*<\/html>$/);
    expect(await run('digest', 'preview', '--text')).toMatch(/^3 papers for you, \w+day \d+ /);
    expect(JSON.parse(await run('digest', 'preview', '--json'))).toMatchObject({
      subject: 'What 2611.00003 found – and 2 more',
    });
    expect([people.outbox(person).list(), people.signals(person).impressions()]).toEqual([[], []]);
    await expect(run('digest', 'send')).rejects.toMatchObject({ code: 'MAIL_NOT_SET_UP' });
  });

  it('is set, sent at once, listed and ended', async () => {
    const server = await mailServer();
    const { run } = await desk(server.url);
    await expect(run('digest', 'send', '--now')).rejects.toThrow(/no digest is set for me/);
    expect(
      await run(
        'digest',
        'schedule',
        '--to',
        'ada@example.org',
        '--at',
        '8',
        '--zone',
        'Europe/Berlin',
        '--days',
        'thu,mon',
      ),
    ).toMatch(
      /^every Monday and Thursday at 8:00 \(Europe\/Berlin\), to ada@example\.org, at most 12 papers; the next one after 20/,
    );
    expect(await run('digest', 'send', '--now')).toMatch(/^me, \d{4}-\d\d-\d\d: sent, 3 papers\n$/);
    expect(await run('digest', 'send', '--now')).toBe('');
    expect(server.arrived).toHaveLength(1);
    expect(await run('digest', 'list')).toMatch(/\n\d{4}-\d\d-\d\d {2}sent, 3 papers to ada@example\.org, /);
    expect(JSON.parse(await run('digest', 'schedule', '--off', '--json'))).toMatchObject({
      on: false,
      next: null,
      hour: 8,
    });
    expect(await run('digest', 'list')).toMatch(/^off: /);
  });

  it('says which digests failed', async () => {
    const server = await mailServer('refuse');
    const { run } = await desk(server.url);
    await run('digest', 'schedule', '--to', 'ada@example.org');
    await expect(run('digest', 'send', '--now')).rejects.toMatchObject({ code: 'DIGEST_FAILED' });
    expect(await run('digest', 'list')).toContain('no such mailbox');
  });

  it.each([
    [['--at', '25'], /--at takes a whole number/],
    [['--days', 'mon,sonntag'], /--days is one of/],
    [['--daily', '--weekly'], /either --daily or --weekly/],
    [['--zone', 'Mars'], /time zone/],
  ])('schedule refuses %j', async (flags, reason) => {
    const { run } = await desk();
    await expect(run('digest', 'schedule', '--to', 'ada@example.org', ...flags)).rejects.toThrow(reason);
  });
});

describe('a server’s timer', () => {
  it('sends what is due, again and again without sending twice, and stops', async () => {
    const server = await mailServer();
    const { people, person, workspace, open } = await desk(server.url);
    const longAgo = new Date(Date.now() - 40 * 86_400_000);
    people
      .signals(person)
      .set(DIGEST_SETTING, changedSchedule(undefined, { to: 'ada@example.org', hour: 0, zone: 'UTC' }, longAgo));
    const { config } = loadConfig({ workspace });
    const { delivery } = await open(config, undefined);
    let rounds = 0;
    const { digests } = delivery;
    const told: string[] = [];
    const timer = new DigestTimer({
      digests: {
        ...digests,
        send: (request) => {
          rounds += 1;
          return digests.send(request);
        },
      },
      tell: (line) => told.push(line),
      everyMs: 1,
    });
    timer.start();
    await vi.waitUntil(() => rounds > 3, { timeout: 20_000 });
    await timer.close();
    const after = rounds;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([rounds, server.arrived.length]).toEqual([after, 1]);
    expect(told).toEqual([expect.stringMatching(/^me, \d{4}-\d\d-\d\d: sent$/)]);
  });
});

describe('paperkin feed-url', () => {
  it('makes addresses that are shown once, lists them without, and revokes them', async () => {
    const { run, people, person } = await desk();
    people.signals(person).addInterest('topic', { name: 'Burrows' });
    const made = await run('feed-url', 'add', '--topic', 'burrows');
    expect(
      made.match(/https:\/\/papers\.example\.org\/feeds\/[\w-]{43}\/(?:atom\.xml|rss\.xml|feed\.json)/g),
    ).toHaveLength(3);
    expect(await run('feed-url', 'list')).toMatch(/^1 {2}Burrows, made .*, never read\n$/);
    expect(JSON.parse(await run('feed-url', 'revoke', '1', '--json'))).toEqual({ id: 1, revoked: true });
    await expect(run('feed-url', 'revoke', '1')).rejects.toMatchObject({ code: 'FEED_URL_NOT_FOUND' });
    await expect(run('feed-url', 'add', '--topic', 'moles')).rejects.toMatchObject({ code: 'INTEREST_NOT_FOUND' });
    expect(await run('feed-url', 'list')).toMatch(/^no web feeds/);
  });
});

describe('paperkin config', () => {
  it('shows no password', async () => {
    const { run } = await desk('smtps://ada:se%20cret@mail.example.org');
    for (const shown of [await run('config'), await run('config', '--json')]) {
      expect(shown).toContain('smtps://ada:***@mail.example.org');
      expect(shown).not.toContain('cret@');
    }
    vi.stubEnv('PAPERKIN_SMTP_URL', 'http://ada:secret@mail.example.org');
    await expect(run('config')).rejects.toThrow(/^(?!.*secret).*smtps:\/\//);
  });
});
