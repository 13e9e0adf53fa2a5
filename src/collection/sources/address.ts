import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError, reasonOf } from '../../errors.ts';

/** Whether an address belongs to the public internet: not private, loopback, link-local, multicast, mapped or reserved. */
export function isPublicAddress(address: string): boolean {
  // A zone (`fe80::1%eth0`) says which link; only addresses that are not public have one.
  const bare = address.split('%', 1)[0] ?? '';
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'unicast';
}

/** The host of a URL as an address, without the brackets of IPv6; `undefined` for a name. */
function literalAddress({ hostname }: URL): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}

/** Whether a URL names this very machine. */
export function isOwnMachine(url: URL): boolean {
  const address = literalAddress(url);
  if (address === undefined) return url.hostname === 'localhost';
  return ipaddr.process(address).range() === 'loopback';
}

/** The URL of a text. Throws ADDRESS_REFUSED for anything but http and https. */
export function webUrl(text: string, from?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, from);
  } catch (thrown) {
    throw new AppError('ADDRESS_REFUSED', { url: text, reason: reasonOf(thrown) }, { cause: thrown });
  }
  if (!/^https?:$/.test(url.protocol)) {
    throw new AppError('ADDRESS_REFUSED', { url: text, reason: 'only http and https addresses are' });
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('ADDRESS_REFUSED', { url: url.host, reason: 'it holds a user name or password' });
  }
  return url;
}

function refusal(url: string, address: string): AppError {
  const reason = `${address} is an address of a private network or of this machine (--allow-private-network allows it)`;
  return new AppError('ADDRESS_REFUSED', { url, reason });
}

/** Throws ADDRESS_REFUSED where the host is an address, and not a public one; names are looked at by `publicLookup`. */
export function refusePrivate(url: URL): void {
  const address = literalAddress(url);
  if (address !== undefined && !isPublicAddress(address)) throw refusal(url.href, address);
}

/**
 * Resolves a name for a connection that is about to be made, and fails where any of its addresses is not public. It is
 * the connection's own look-up, so a name that changes its address between a check and the connection gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    if (error || !first) {
      callback(error ?? new Error(`${hostname} has no address`), '', 0);
      return;
    }
    const inside = addresses.find(({ address }) => !isPublicAddress(address));
    if (inside) callback(refusal(hostname, inside.address), '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
