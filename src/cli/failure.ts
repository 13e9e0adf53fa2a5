import { AppError } from '../errors.ts';

const BUG = 1;

export function errorJson({ code, message, details }: AppError): { code: string; message: string; details: unknown } {
  return { code, message, details };
}

/** Says on standard error what went wrong and sets the exit code; the program ends by itself. */
export function exitWith(error: unknown): void {
  if (error instanceof AppError) {
    process.stderr.write(`paperkin: ${error.message}\n`);
    process.exitCode = error.exitCode;
    return;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`paperkin: this is a bug, please report it\n${trace}\n`);
  process.exitCode = BUG;
}
