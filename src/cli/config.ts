import type { Command } from 'commander';
import { CONFIG_KEYS, environmentName, KEY_NAMES, loadConfig, shownSetting } from '../config.ts';
import { flagsOf, type GlobalFlags } from './context.ts';
import { printJson, printLine } from './print.ts';

export function addConfig(program: Command): Command {
  return program
    .command('config')
    .description('show every setting, its value and where it came from')
    .action((flags: GlobalFlags) => {
      const { config, origins } = loadConfig(flagsOf(flags));
      if (flags.json) {
        printJson(
          Object.fromEntries(
            KEY_NAMES.map((name) => [name, { value: shownSetting(name, config[name]), origin: origins.get(name) }]),
          ),
        );
        return;
      }
      for (const name of KEY_NAMES) {
        printLine(
          `${name.padEnd(18)} ${config[name] === '' ? '(empty)' : String(shownSetting(name, config[name]))}  [${origins.get(name)}]`,
        );
        printLine(`${' '.repeat(18)} ${CONFIG_KEYS[name].about} (${environmentName(name)})`);
      }
    });
}
