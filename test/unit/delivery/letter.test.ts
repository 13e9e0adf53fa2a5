import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailer } from '../../../src/delivery/mail.ts';
import { changedSchedule, createDigests, createLinks, DIGEST_SETTING, type Letter } from '../../../src/delivery/mod.ts';
import { lockForDigests } from '../../../src/store/mod.ts';
import { paper } from '../../support/library.ts';
import { compiledSkeleton, SKELETON } from '../../support/mail-template.ts';
import { hostilePaper, reader, somePapers } from '../../support/reader.ts';
import { mailServer } from '../../support/smtp.ts';

const NOW = new Date('2026-11-27T07:30:00Z');

async function letterOf(papers = somePapers(), publicUrl = 'https://papers.example.org'): Promise<Letter> {
  const { people, person, workspace, feedFor, lastingId, lastKey } = await reader(papers);
  const schedule = { to: 'ada@example.org', zone: 'Europe/Berlin' };
  people.signals(person).set(DIGEST_SETTING, changedSchedule(undefined, schedule, NOW));
  const digests = createDigests({
    ...{
      people,
      feedFor,
      lastingId,
      lastKey,
      publicUrl,
      mailFrom: 'Paperkin <paperkin@example.org>',
      mailer: undefined,
    },
    links: createLinks(people.secret('links'), publicUrl),
    lock: () => lockForDigests(workspace),
    clock: () => NOW,
  });
  const { letter } = await digests.preview(person);
  if (!letter) throw new Error('the feed is empty');
  return letter;
}

/** As it arrives. */
async function arrived(letter: Letter): Promise<{ readonly source: string; readonly mail: ParsedMail }> {
  const server = await mailServer();
  expect(await createMailer({ smtpUrl: server.url }).send(letter)).toEqual({ kind: 'taken' });
  const [bytes = Buffer.of()] = server.arrived;
  // Long headers go on in the next line.
  return { source: bytes.toString('latin1').replace(/\r\n[ \t]+/g, ' '), mail: await simpleParser(bytes) };
}

describe('a digest as it arrives', () => {
  it('says what it is, whose it is, and how it is ended', async () => {
    const { source, mail } = await arrived(await letterOf());
    expect(mail.subject).toBe('What 2611.00003 found – and 2 more');
    expect(mail.to).toMatchObject({ text: 'ada@example.org' });
    expect(mail.from?.value).toEqual([{ address: 'paperkin@example.org', name: 'Paperkin' }]);
    expect(mail.date).toEqual(NOW);
    expect(mail.messageId).toMatch(/^<digest\.2026-11-27\.[0-9a-f]{24}@example\.org>$/);
    expect(source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(source).toMatch(/^List-Id: Paperkin digest\s+<[0-9a-f]{24}\.digest\.example\.org>\r$/im);
    expect(source).toMatch(/^List-Unsubscribe:\s+<https:\/\/papers\.example\.org\/links\/[\w.-]+>\r$/m);
    expect(source).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    expect(source.split('\r\n').every((line) => line.length <= 998)).toBe(true);
  });

  it('offers one click only where the address is safe', async () => {
    const { source } = await arrived(await letterOf(somePapers(), 'http://127.0.0.1:8080'));
    expect(source).toMatch(/^List-Unsubscribe:\s+<http:/m);
    expect(source).not.toContain('List-Unsubscribe-Post');
  });

  it('shows of each paper title, byline, evidence and reason in both parts, with links', async () => {
    const { mail } = await arrived(await letterOf());
    for (const part of [String(mail.html), mail.text ?? '']) {
      const words = part.replace(/\s+/g, ' ').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>');
      for (const said of [
        ...['3 papers for you', 'Friday 27 November 2026', 'What 2611.00001 found', 'https://arxiv.org/abs/2611.00001'],
        ...['Edda Quill, Bo Marsh · J. Finds · 2026', 'It found 2611.00002', 'only 3 papers are new'],
        ...['Because of “Attention <Is> All You Need” (62%).', 'Shown to find out whether you like it.'],
        'a digest for me is sent to ada@example.org every day at 7:00 (Europe/Berlin).',
      ]) {
        expect(words).toContain(said);
      }
      expect(part.match(/https:\/\/papers\.example\.org\/links\//g)).toHaveLength(7);
    }
  });

  it('quotes evidence of several lines as a whole in the plain text', async () => {
    const abstract = `${'Owls hear what mice do under snow '.repeat(5).trim()}. End.`;
    const { mail } = await arrived(await letterOf([paper({ id: '2611.00001', abstract })]));
    const lines = (mail.text ?? '').split('\n').filter((line) => line.includes('Owls'));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^ {3}> \S/);
  });

  it('is the same each time it is made of the same', async () => {
    const { people, person, workspace, feedFor, lastingId, lastKey } = await reader();
    const publicUrl = 'https://papers.example.org';
    const digests = createDigests({
      ...{
        people,
        feedFor,
        lastingId,
        lastKey,
        publicUrl,
        mailFrom: 'p@example.org',
        mailer: undefined,
        clock: () => NOW,
      },
      links: createLinks(people.secret('links'), publicUrl),
      lock: () => lockForDigests(workspace),
    });
    expect(await digests.preview(person)).toEqual(await digests.preview(person));
    expect([people.outbox(person).list(), people.signals(person).impressions()]).toEqual([[], []]);
    await expect(digests.send()).rejects.toMatchObject({ code: 'MAIL_NOT_SET_UP' });
  });
});

describe('what papers bring with them', () => {
  it('adds no header, no element, no address and no turn of the text', async () => {
    const { source, mail } = await arrived(await letterOf([hostilePaper()]));
    const [headers = ''] = source.split('\r\n\r\n');
    expect(headers).not.toMatch(/^(?:Bcc|X):/im);
    expect(mail.subject).toBe('Bad Bcc: eve@example.org <script>alert(1)</script> "q" &…');
    expect(mail.bcc).toBeUndefined();
    const html = String(mail.html);
    expect(html).not.toMatch(/<script|<img|<b>|javascript:/i);
    expect(html).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt; &quot;q&quot; &amp; $\\mathcal{O}(n)$ ]]&gt; [[save]]',
    );
    for (const part of [html, mail.text ?? '']) {
      expect(part).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/u);
      expect(part.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      expect(part).not.toContain('javascript:');
      expect(part).toContain('https://arxiv.org/abs/2611.66666');
    }
  });
});

describe('the template', () => {
  it('is what letter.mjml makes; `npm run mail-template` makes it anew', async () => {
    expect(readFileSync(SKELETON, 'utf8')).toBe(await compiledSkeleton());
  });

  it('asks nothing of the network', async () => {
    const { html } = await letterOf();
    const fetched = html.match(/(?:src|srcset|background|poster)=|url\(|@import|<link|<script|<img/gi);
    expect(fetched).toBeNull();
  });
});

const CHROMIUM = '/usr/bin/chromium';
const SHOTS = process.env['MAIL_SCREENSHOTS'];

// Skips, saying so, on a machine without the browser; CI installs it.
describe.skipIf(!existsSync(CHROMIUM))(
  'the mail in a browser without scripts and images (needs /usr/bin/chromium)',
  () => {
    let browser: Browser;
    beforeAll(async () => {
      const args = ['--headless', '--no-sandbox', '--disable-gpu', '--blink-settings=imagesEnabled=false'];
      browser = await chromium.launch({ executablePath: CHROMIUM, args });
    });
    afterAll(() => browser?.close());

    it.each([360, 1200])('fits %i pixels, with every paper and link in sight', async (width) => {
      const { html } = await letterOf([...somePapers(), hostilePaper()]);
      const page = await browser.newPage({ viewport: { width, height: 800 }, javaScriptEnabled: false });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.setContent(html);
      const box = await page.locator('html').boundingBox();
      const widest = await page.locator('body *').evaluateAll((all) => Math.max(...all.map((one) => one.scrollWidth)));
      expect([box?.width, widest <= width]).toEqual([width, true]);
      expect(await page.locator('h2:visible').count()).toBe(4);
      expect(await page.locator('a:visible').count()).toBe(4 * 3 + 1);
      const overflow = await page.locator('h1, h2, p, a').evaluateAll((all, width) => {
        const right = all.map((one) => one.getBoundingClientRect().right);
        return right.filter((edge) => edge > width).length;
      }, width);
      expect(overflow).toBe(0);
      expect(asked).toEqual([]);
      if (SHOTS) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `mail-${width}.png`), fullPage: true });
      }
      await page.close();
    });
  },
);
