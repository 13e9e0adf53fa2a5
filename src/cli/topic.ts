import type { Command } from 'commander';
import type { TopicJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { TopicChange } from '../store/mod.ts';
import { collect, type Context, contextOf, oneOf } from './context.ts';
import { atDesk, type PersonFlags, withPersonFlag } from './desk.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface TopicFlags extends PersonFlags {
  readonly rename?: string;
  readonly paper?: readonly string[];
  readonly text?: string;
  readonly require?: readonly string[];
  readonly exclude?: readonly string[];
  readonly author?: readonly string[];
  readonly category?: readonly string[];
}

const ACTIONS = ['add', 'list', 'change', 'remove'] as const;

export function addTopic(program: Command): Command {
  const command = program
    .command('topic')
    .description('keep a person’s named interests: add NAME, list, change NAME, remove NAME')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[name...]', 'which topic')
    .option('--paper <id>', 'a paper it is about (repeatable)', collect)
    .option('--text <text>', 'what it is about: a description, or an abstract as an example')
    .option('--require <words>', 'a word or phrase that its papers must say (repeatable)', collect)
    .option('--exclude <words>', 'a word or phrase that its papers must not say (repeatable)', collect)
    .option('--author <name>', 'an author whose papers all belong to it (repeatable)', collect)
    .option('--category <category>', 'a category that its papers are of (repeatable)', collect)
    .option('--rename <name>', 'change: what it is called from now on');
  return withPersonFlag(command).action(async (action: string, words: string[], flags: TopicFlags) => {
    const context = contextOf(flags);
    const wanted = oneOf(action, 'topic', ACTIONS);
    const name = words.join(' ').trim();
    if (wanted === 'list') await list(context, name, flags);
    else if (name === '') throw new AppError('USAGE', { message: `topic ${wanted} takes the name of a topic` });
    else if (wanted === 'remove') await remove(context, name, flags);
    else await tell(context, wanted, name, flags);
  });
}

/** What the flags say; a list that is given takes the place of the old one, and `''` empties it. */
function toldBy({ rename, paper, text, require, exclude, author, category }: TopicFlags): TopicChange {
  const list = (given: readonly string[]): string[] => given.filter((value) => value.trim() !== '');
  return {
    ...(rename === undefined ? {} : { name: rename }),
    ...(text === undefined ? {} : { text }),
    ...(paper ? { papers: list(paper) } : {}),
    ...(require ? { require: list(require) } : {}),
    ...(exclude ? { exclude: list(exclude) } : {}),
    ...(author ? { authors: list(author) } : {}),
    ...(category ? { categories: list(category) } : {}),
  };
}

async function tell(context: Context, action: 'add' | 'change', name: string, flags: TopicFlags): Promise<void> {
  const said = toldBy(flags);
  if (action === 'add' && flags.rename !== undefined) {
    throw new AppError('USAGE', { message: '--rename goes with topic change' });
  }
  await atDesk(context, flags, ({ desk, person }) => {
    const topic =
      action === 'add' ? desk.addTopic({ ...said, name }) : desk.changeTopic(desk.topicNamed(name).id, said);
    if (context.json) printJson({ person: person.name, topic });
    else printTopic(topic);
  });
}

async function list(context: Context, name: string, flags: TopicFlags): Promise<void> {
  if (name !== '') throw new AppError('USAGE', { message: 'topic list takes no name' });
  await atDesk(context, flags, ({ desk, person }) => {
    const topics = desk.topics();
    if (context.json) printJson({ person: person.name, topics });
    else for (const topic of topics) printTopic(topic);
    if (!context.json && topics.length === 0) printLine('no topics yet; `paperkin topic add NAME --text …` adds one');
  });
}

async function remove(context: Context, name: string, flags: TopicFlags): Promise<void> {
  await atDesk(context, flags, ({ desk, person }) => {
    const { id, name: removed } = desk.topicNamed(name);
    desk.removeTopic(id);
    if (context.json) printJson({ person: person.name, removed });
    else printLine(clean(`removed ${removed}; saved papers stay`));
  });
}

function printTopic({ name, text, papers, require, exclude, authors, categories, muted }: TopicJson): void {
  printLine(styled('bold', clean(`${name}${muted ? ' (muted)' : ''}`)));
  for (const { id, paper } of papers) printLine(clean(`   like ${id}  ${paper?.title ?? ''}`));
  printConditions({ text, require, exclude, authors, categories });
}

/** What a topic says of its papers, beside those it is like. */
export function printConditions({
  text,
  require,
  exclude,
  authors,
  categories,
}: Pick<TopicJson, 'text' | 'require' | 'exclude' | 'authors' | 'categories'>): void {
  if (text !== '') printLine(clean(`   about ${text}`));
  for (const [word, values] of [
    ['requires', require],
    ['excludes', exclude],
    ['by', authors],
    ['in', categories],
  ] as const) {
    if (values.length > 0) printLine(clean(`   ${word} ${values.join(', ')}`));
  }
}
