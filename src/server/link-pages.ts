import { escapeText } from 'entities';
import type { LinkPurpose } from '../delivery/mod.ts';

interface Words {
  readonly asks: string;
  readonly button: string;
  readonly done: string;
}

const WORDS: { readonly [purpose in LinkPurpose]: Words } = {
  save: { asks: 'Save this paper?', button: 'Save', done: 'Saved.' },
  dismiss: {
    asks: 'Not for you? It will not be shown again, and papers like it less often.',
    button: 'Not for me',
    done: 'It will not be shown again.',
  },
  unsubscribe: { asks: 'End these mails?', button: 'Unsubscribe', done: 'No more of these mails will be sent.' },
};

const STYLE = `body { font: 17px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #26272b; }
button { font: inherit; padding: .5rem 1.2rem; }
p { overflow-wrap: anywhere; }`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeText(title)} – Paperkin</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeText(title)}</h1>
${body}
</body>
</html>
`;
}

const named = (title: string | undefined): string =>
  title === undefined ? '' : `<p dir="auto">${escapeText(title)}</p>\n`;

/** Asks whether it is meant. The form goes to the page's own address, and needs no script. */
export function confirmingPage(purpose: LinkPurpose, title: string | undefined): string {
  const { asks, button } = WORDS[purpose];
  const form = `<form method="post"><button name="confirm" value="yes">${button}</button></form>`;
  return page(asks, named(title) + form);
}

export const donePage = (purpose: LinkPurpose, title: string | undefined): string =>
  page(WORDS[purpose].done, named(title));

export const failedPage = (title: string, reason: string): string => page(title, `<p>${escapeText(reason)}</p>`);
