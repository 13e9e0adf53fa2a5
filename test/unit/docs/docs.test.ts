import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import { CONFIG_KEYS, type ConfigKey, environmentName, KEY_NAMES } from '../../../src/config.ts';
import { FORMATS } from '../../../src/collection/mod.ts';
import { FILTER_FIELDS, HAS_VALUES, SEARCH_MODES } from '../../../src/domain/mod.ts';
import { findKnownModel, knownModelNames } from '../../../src/encoder/registry.ts';
import { ERRORS } from '../../../src/errors.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const markdownIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const PAGES = [...markdownIn('.'), ...markdownIn('docs')];

/** Flags of other programs that pages show: curl, systemctl, xcode-select. */
const FOREIGN_FLAGS = ['--data-binary', '--install', '--user'];

/** Cells of the table rows of a page, without the rules between header and body. */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => /^\|.*\|$/.test(line) && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** The row that begins with this word, as code. */
function rowOf(markdown: string, first: string): string[] {
  const found = rowsOf(markdown).filter(([cell]) => cell === `\`${first}\``);
  expect(found, `rows that begin with ${first}`).toHaveLength(1);
  return found[0] ?? [];
}

/** The text under a heading of the second level. */
function sectionOf(markdown: string, heading: string): string {
  const sections = markdown.split(/^## /m);
  const found = sections.filter((section) => section.startsWith(`${heading}\n`));
  expect(found, `sections called ${heading}`).toHaveLength(1);
  return found[0] ?? '';
}

/** As GitHub makes them, as far as our headings go. */
function anchorsOf(markdown: string): Set<string> {
  const headings = withoutFences(markdown).matchAll(/^#{1,6} (.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Whether a link of a page points to a file, and to a heading where it names one. */
function leadsSomewhere(path: string, target: string): boolean {
  const [file = '', anchor] = target.split('#', 2);
  const linked = file === '' ? path : join(dirname(path), file);
  return existsSync(join(ROOT, linked)) && (anchor === undefined || anchorsOf(read(linked)).has(anchor));
}

const withoutFences = (markdown: string): string => markdown.replace(/^ *```[^\n]*\n[\s\S]*?^ *```$/gm, '');

describe('docs/cli.md', () => {
  const page = read('docs/cli.md');
  const { commands } = createProgram('0.0.0');
  const flagsOf = (command: Command) =>
    command.options.map(({ flags, long, short }) => ({ flags, name: long ?? short }));
  const [first, ...others] = commands.map((command) => new Set(flagsOf(command).map(({ flags }) => flags)));
  const common = new Set([...(first ?? [])].filter((flags) => others.every((known) => known.has(flags))));

  it('has a section for each command and no other', () => {
    const sections = Array.from(page.matchAll(/^## `paperkin (\S+)`$/gm), ([, name = '']) => name);
    expect(sections.toSorted()).toEqual(commands.map((command) => command.name()).toSorted());
  });

  it.each(commands.map((command) => [command.name(), command] as const))('lists the flags of %s', (name, command) => {
    const section = sectionOf(page, `\`paperkin ${name}\``);
    const own = flagsOf(command).filter(({ flags }) => !common.has(flags));
    for (const { flags } of own) rowOf(section, flags);
    const listed = rowsOf(section).flatMap(([cell = '']) => /^`(-[^`]*)`$/.exec(cell)?.[1] ?? []);
    expect(listed.toSorted()).toEqual(own.map(({ flags }) => flags).toSorted());
  });

  it('lists the flags of every command once', () => {
    const section = sectionOf(page, 'Flags of every command');
    const listed = rowsOf(section).flatMap(([cell = '']) => /^`(-[^`]*)`$/.exec(cell)?.[1] ?? []);
    expect(listed.toSorted()).toEqual([...common].toSorted());
  });

  it('tells the default of each flag that has one', () => {
    for (const command of commands) {
      const section = sectionOf(page, `\`paperkin ${command.name()}\``);
      for (const { flags, defaultValue } of command.options) {
        if (typeof defaultValue !== 'string') continue;
        expect(rowOf(section, flags).at(-1), `${command.name()} ${flags}`).toContain(`\`${defaultValue}\``);
      }
    }
  });

  it('mentions no flag that does not exist', () => {
    const own = commands.flatMap((command) => flagsOf(command).map(({ name }) => name));
    const known = new Set(['--help', '--version', ...own, ...FOREIGN_FLAGS]);
    for (const path of PAGES) {
      const used = read(path).matchAll(/(?<![\w-])--[a-z][a-z-]*/g);
      for (const [flag] of used) expect([...known], `${path} speaks of ${flag}`).toContain(flag);
    }
  });

  it('has every exit code, with the errors that lead to it', () => {
    const codes = new Set(Object.values(ERRORS).map(({ exitCode }) => exitCode));
    const section = sectionOf(page, 'What scripts may rely on');
    for (const exitCode of codes) rowOf(section, String(exitCode));
    const misplaced = Object.entries(ERRORS).filter(
      ([code, { exitCode }]) =>
        section.includes(`\`${code}\``) && !rowOf(section, String(exitCode)).at(-1)?.includes(`\`${code}\``),
    );
    expect(misplaced).toEqual([]);
    // What the command line does not list is the server's, and stands there.
    const listed = section + read('docs/http-api.md');
    expect(Object.keys(ERRORS).filter((code) => !listed.includes(`\`${code}\``))).toEqual([]);
  });

  it('names every search mode and format', () => {
    const modes = rowOf(sectionOf(page, '`paperkin search`'), '--mode <mode>').join(' ');
    for (const mode of SEARCH_MODES) expect(modes).toContain(`\`${mode}\``);
    const formats = rowOf(page, '--format <name>').join(' ');
    for (const { name } of FORMATS) {
      expect(formats).toContain(`\`${name}\``);
      expect(read('docs/import.md')).toMatch(new RegExp(`^### .*\`${name}\`$`, 'm'));
    }
  });
});

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');
  const flags = new Set(createProgram('0.0.0').commands.flatMap(({ options }) => options.map(({ long }) => long)));
  // These depend on the machine or the folder.
  const DEFAULTS: { readonly [key in ConfigKey]?: string } = {
    workspace: '`index` in the current folder',
    model: 'empty',
    contact: 'empty',
    syncEvery: 'empty',
    smtpUrl: 'empty',
    mailFrom: 'empty',
    publicUrl: 'empty',
    rerankModel: 'empty',
    modelsDir: '`models` beside the program',
    threads: 'the number of cores',
    evaluationDir: '`.cache/paperkin/evaluation` in the home folder',
  };

  it.each(KEY_NAMES)('tells variable, flag and default of %s', (key) => {
    const [, variable, flag, fallback, meaning] = rowOf(page, key);
    expect(variable).toBe(`\`${environmentName(key)}\``);
    const kebab = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    expect(/^`(--[a-z-]+)`/.exec(flag ?? '')?.[1] ?? '').toBe(flags.has(kebab) ? kebab : '');
    expect(fallback).toContain(DEFAULTS[key] ?? `\`${String(CONFIG_KEYS[key].fallback)}\``);
    expect(meaning).not.toBe('');
  });
});

describe('docs/models.md', () => {
  const page = read('docs/models.md');

  it.each(knownModelNames())('tells how %s is used', (name) => {
    const model = findKnownModel(name);
    const code = (text: string | undefined): string => (text ? `\`${text}\`` : '');
    expect(rowOf(page, name).slice(1)).toEqual([
      String(model?.dimensions),
      String(model?.maxTokens),
      model?.pooling,
      code(model?.queryPrefix),
      code(model?.paperPrefix),
      model?.dtype,
    ]);
  });
});

describe('docs/searching.md', () => {
  const page = read('docs/searching.md');

  it.each(FILTER_FIELDS)('describes the filter field %s', (field) => {
    expect(rowOf(sectionOf(page, 'Filters'), field)[1]).toContain(`${field}:`);
  });

  it('names everything that has: knows', () => {
    const [, condition = ''] = rowOf(page, 'has');
    const named = Array.from(condition.matchAll(/`has:([a-z]+)`/g), ([, value = '']) => value);
    expect(named.toSorted()).toEqual([...HAS_VALUES].toSorted());
  });

  it.each(SEARCH_MODES)('describes the mode %s', (mode) => {
    expect(rowOf(page, mode)).toHaveLength(3);
  });
});

describe('every page', () => {
  it.each(PAGES)('%s links only to what exists', (path) => {
    const targets = Array.from(withoutFences(read(path)).matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
    expect(targets.filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(path, target))).toEqual([]);
  });

  it.each([...PAGES, 'sample/README.md', 'models/paperkin-minilm/README.md'])(
    '%s names no path of a machine',
    (path) => {
      expect(read(path)).not.toMatch(/(?:^|[\s"'`(=:])\/(?:work|tmp|root)\b/m);
    },
  );
});
