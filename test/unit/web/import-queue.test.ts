import { expect, it } from 'vitest';
import type { ImportEvent } from '../../../src/web/api/import-event.ts';
import { createImportQueue } from '../../../src/web/api/import-queue.ts';

const summary = { added: 1, updated: 0, unchanged: 0, merged: 0, rejected: [], rejectedTotal: 0, seconds: 1 };

it('imports files one after the other and goes on after one that failed', async () => {
  const order: string[] = [];
  let done = 0;
  const importer = async (file: File, report: (event: ImportEvent) => void): Promise<void> => {
    order.push(`begin ${file.name}`);
    await Promise.resolve();
    order.push(`end ${file.name}`);
    report({ kind: 'done', summary });
  };
  const queue = createImportQueue(importer, () => {
    done += 1;
  });
  let changes = 0;
  queue.subscribe(() => {
    changes += 1;
  });
  queue.add([new File([], 'a'), new File([], 'b')]);
  expect(queue.list().map(({ state }) => state.kind)).toEqual(['waiting', 'waiting']);
  queue.add([new File([], 'c')]);
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  expect(order).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c']);
  expect(queue.list().map(({ name, state }) => `${name} ${state.kind}`)).toEqual(['a done', 'b done', 'c done']);
  expect(done).toBe(3);
  expect(changes).toBeGreaterThanOrEqual(5);
});
