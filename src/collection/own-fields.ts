import type { PaperVersion } from '../domain/mod.ts';
import { count, day, field, flag, identifier, type Read } from './fields.ts';
import { isObject } from './json-records.ts';
import { describe } from './text.ts';

/** A paper has a handful; each costs a row in the store. */
const MAX_IDS = 1_000;
/** arXiv's most revised paper has fewer than a hundred. */
const MAX_VERSIONS = 1_000;

function readList<Value>(
  name: string,
  max: number,
  raw: unknown,
  read: (entry: unknown) => Read<Value | undefined>,
): Read<Value[]> {
  if (raw === undefined) return { value: [] };
  if (!Array.isArray(raw)) return { reason: `${name} must be a list, found ${describe(raw)}` };
  if (raw.length > max) return { reason: `${name} holds more than ${max}` };
  const entries: readonly unknown[] = raw;
  const values: Value[] = [];
  for (const entry of entries) {
    const found = read(entry);
    if ('reason' in found) return found;
    if (found.value !== undefined) values.push(found.value);
  }
  return { value: values };
}

function readVersion(name: string, entry: unknown): Read<PaperVersion> {
  const { number, date } = isObject(entry) ? entry : {};
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1)
    return { reason: `${name} must hold numbers from 1, found ${describe(number)}` };
  const when = day(name).safeParse(date);
  if (!when.success) return { reason: when.error.issues[0]?.message ?? name };
  return { value: when.data?.date === undefined ? { number } : { number, date: when.data.date } };
}

/** Ids as Paperkin writes them, or as people do. */
function identifiers(name: string) {
  const one = identifier(name);
  return field<string[]>((raw) =>
    readList(name, MAX_IDS, raw, (entry) => {
      const id = one.safeParse(entry);
      return id.success ? { value: id.data } : { reason: id.error.issues[0]?.message ?? name };
    }),
  );
}

/** Fields that our own exports carry in whatever format, beside those that formats have in common. */
export const OWN_FIELDS = {
  aliases: identifiers('aliases'),
  upvotes: count('upvotes'),
  version: count('version'),
  versions: field<PaperVersion[]>((raw) =>
    readList('versions', MAX_VERSIONS, raw, (entry) => readVersion('versions', entry)),
  ),
  withdrawn: flag('withdrawn'),
};

/** Ids by scheme. Other schemes of other collections are of no use here, so a value that is not text is passed over. */
export const idsByScheme = field<Record<string, string>>((raw) => {
  const ids: Record<string, string> = {};
  if (!isObject(raw)) return { value: ids };
  for (const [name, value] of Object.entries(raw).slice(0, MAX_IDS)) {
    if (typeof value === 'string' || typeof value === 'number') ids[name] = String(value);
  }
  return { value: ids };
});
