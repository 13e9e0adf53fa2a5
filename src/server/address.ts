import getPort from 'get-port';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { AppError, reasonOf } from '../errors.ts';
import type { ServerOptions } from './contract.ts';

type Address = Pick<ServerOptions, 'host' | 'port' | 'strictPort'>;

/** Ports tried after the wanted one, before any free one will do. */
const NEXT_PORTS = 100;
const MAX_PORT = 65_535;
/** Another program may take a port between the look and the listening; so often in a row it is something else. */
const ATTEMPTS = 5;

/** Listens on the wanted port or, unless `strictPort`, the next free one; gives the port. Throws SERVER_FAILED. */
export async function listenOn(server: Server, address: Address): Promise<number> {
  const fixed = address.strictPort || address.port === 0;
  for (let attempt = 1; ; attempt += 1) {
    const port = fixed ? address.port : await freePort(address);
    try {
      server.listen({ host: address.host, port });
      await once(server, 'listening');
      return portOf(server);
    } catch (thrown) {
      if (!fixed && attempt < ATTEMPTS && isTaken(thrown)) continue;
      throw new AppError('SERVER_FAILED', { reason: whyNot(thrown, address.host, port) }, { cause: thrown });
    }
  }
}

async function freePort({ host, port }: Address): Promise<number> {
  const last = Math.min(port + NEXT_PORTS, MAX_PORT);
  const candidates = Array.from({ length: last - port + 1 }, (_, offset) => port + offset);
  try {
    return await getPort({ host, port: candidates });
  } catch (thrown) {
    throw new AppError('SERVER_FAILED', { reason: whyNot(thrown, host, port) }, { cause: thrown });
  }
}

function portOf(server: Server): number {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a server on TCP has a port');
  return bound.port;
}

function isTaken(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE';
}

function whyNot(thrown: unknown, host: string, port: number): string {
  return isTaken(thrown)
    ? `port ${port} on ${host} is in use; stop the other program or give another --port`
    : `cannot listen on ${host}, port ${port}: ${reasonOf(thrown)}`;
}

/** Address to open in a browser on this machine. */
export function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
