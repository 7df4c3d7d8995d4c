// Settings of the small servers that run as processes of their own; StackError names the variable that is wrong.
import { readFileSync } from 'node:fs';
import { StackError } from './stack-error.ts';

export function requiredText(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new StackError(`the environment variable ${name} is missing`);
  return value;
}

export function requiredPort(name: string): number {
  const port = Number(requiredText(name));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new StackError(`the environment variable ${name} is not a port`);
  return port;
}

/** A secret comes as the path of a file (`NAME_FILE`); absent means empty. */
export function secretFrom(fileVariable: string): string {
  const path = process.env[fileVariable];
  return path === undefined || path === '' ? '' : readFileSync(path, 'utf8').trim();
}

/** Runs `stop` at SIGTERM and ends the process. Under the stack, Ctrl-C is left to the stack, which stops us in its order. */
export function stopOnSignal(stop: () => Promise<void>): void {
  const end = (): void =>
    void stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  process.once('SIGTERM', end);
  if (process.env['PACELINE_SUPERVISED'] === '1') process.on('SIGINT', () => undefined);
  else process.once('SIGINT', end);
}
