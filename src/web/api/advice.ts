/** What to do about a problem here, in place of the command that the server's words name. */
const HERE: Readonly<Record<string, string>> = {
  PAPER_NOT_FOUND: 'look for it by its title',
  PERSON_NOT_FOUND: 'the page Settings lists those there are',
  INTEREST_NOT_FOUND: 'your profile, on the page Feed, lists those there are',
  FEED_URL_NOT_FOUND: '“Subscribe”, on the page Feed, lists those there are',
  SOURCE_NOT_FOUND: 'the page Settings lists those there are',
  KEEPER_ONLY: 'ask them, or use their token on the page Settings',
  NOTHING_TO_MAP: 'the page Import adds papers',
  TOKEN_REFUSED: 'paste a token on the page Settings; whoever runs Paperkin makes new ones there',
};

const COMMAND = /`paperkin [^`]*`/;

/** A problem's words for whoever reads them in a browser, who may not be the one who can type a command on the server. */
export function inBrowser(code: string, message: string): string {
  if (!COMMAND.test(message)) return message;
  const parts = message.split(/(?<=[;:]) /);
  const at = parts.findIndex((part) => COMMAND.test(part));
  const here = HERE[code];
  if (here !== undefined && at > 0) return [...parts.slice(0, at), here].join(' ');
  // Only on the server something can be done: that much is said.
  return [...parts.slice(0, at), 'for whoever runs Paperkin:', ...parts.slice(at)].join(' ');
}
