import type { RequestHandler } from 'express';
import { AppError } from '../errors.ts';

/** The router splits what a wildcard matched at its slashes and decodes each piece. */
export function wildcard(parameter: string | readonly string[] | undefined): string {
  return typeof parameter === 'string' ? parameter : (parameter ?? []).join('/');
}

export function onlyAllow(allow: string): RequestHandler {
  return (req, res, next) => {
    if (req.method === 'OPTIONS') res.status(204).set('Allow', allow).end();
    else next(new AppError('METHOD_NOT_ALLOWED', { method: req.method, allow }));
  };
}
