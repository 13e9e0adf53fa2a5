import { createDigests, createLinks, createMailer } from '../../src/delivery/mod.ts';
import { lockForDigests, People, Store } from '../../src/store/mod.ts';
import { feedsOf } from './feeds.ts';

/** Sends the digest of the default person from a process of its own, to be killed: `send-digest.ts WORKSPACE SMTP-URL`. */
const [, , workspace = '', smtpUrl = ''] = process.argv;
const store = Store.open(workspace, { create: false });
const people = People.open(workspace);
const publicUrl = 'https://papers.example.org';
const digests = createDigests({
  ...{ people, publicUrl, mailFrom: 'paperkin@example.org', clock: () => new Date() },
  ...feedsOf(store, people),
  links: createLinks(people.secret('links'), publicUrl),
  mailer: createMailer({ smtpUrl }),
  lock: () => lockForDigests(workspace),
});
process.stdout.write(`${JSON.stringify(await digests.send({ person: people.person(), now: true }))}\n`);
