import type { Client } from './client.ts';
import { problemOf, unreachable } from './problem.ts';

/** Fetches a file and hands it to the reader as a download; `body` makes it a POST. Throws Problem. */
export async function downloadFrom(client: Pick<Client, 'headers'>, url: string, body?: unknown): Promise<void> {
  const headers = await client.headers();
  const post = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, body === undefined ? { headers } : post).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw problemOf(await response.json(), response.status);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'paperkin';
  link.click();
  URL.revokeObjectURL(address);
}
