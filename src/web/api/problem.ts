import { inBrowser } from './advice.ts';

/** What went wrong, as the server's problem document or the browser says it. */
export class Problem extends Error {
  readonly code: string;
  readonly title: string;
  readonly status: number;

  constructor(fields: { code: string; title: string; detail: string; status: number }) {
    super(fields.detail);
    this.name = 'Problem';
    this.code = fields.code;
    this.title = fields.title;
    this.status = fields.status;
  }
}

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** Reads an RFC 9457 document; anything else (a proxy's HTML page, say) still becomes a problem with words. */
export function problemOf(body: unknown, status: number): Problem {
  const fields: { readonly [key: string]: unknown } = typeof body === 'object' && body !== null ? { ...body } : {};
  const code = text(fields['code'], 'UNKNOWN');
  return new Problem({
    code,
    title: text(fields['title'], 'The request failed'),
    detail: inBrowser(code, text(fields['detail'], `The server answered with status ${status} and no explanation.`)),
    status,
  });
}

export function unreachable(): Problem {
  return new Problem({
    code: 'UNREACHABLE',
    title: 'Paperkin does not answer',
    detail: 'The server cannot be reached. Whoever runs Paperkin can start it again; what you typed stays here.',
    status: 0,
  });
}

/** Any thrown value as a problem; a bug of this page is shown as one, too. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem({ code: 'PAGE_FAILED', title: 'Something broke in this page', detail, status: 0 });
}
