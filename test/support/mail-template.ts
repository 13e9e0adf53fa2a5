import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mjml2html from 'mjml';

const FOLDER = fileURLToPath(new URL('../../src/delivery/digest', import.meta.url));
export const SKELETON = join(FOLDER, 'skeleton.ts');

/** The letter's MJML as HTML, as the text of a module: MJML itself is not needed where Paperkin runs. */
export async function compiledSkeleton(): Promise<string> {
  const { html, errors } = await mjml2html(readFileSync(join(FOLDER, 'letter.mjml'), 'utf8'), {
    validationLevel: 'strict',
    keepComments: true,
  });
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const [before, paper, after, ...more] = html.split(/\[\[\/?papers\]\]/);
  if (before === undefined || paper === undefined || after === undefined || more.length > 0) {
    throw new Error('letter.mjml must hold one [[papers]] and one [[/papers]] after it');
  }
  const parts = Object.entries({ before, paper, after });
  const lines = parts.map(([name, part]) => `  ${name}: ${JSON.stringify(part.replace(/\n\s*/g, '\n').trim())},`);
  return `// Made of letter.mjml by \`npm run mail-template\`.\n\nexport const SKELETON = {\n${lines.join('\n')}\n} as const;\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SKELETON, await compiledSkeleton());
