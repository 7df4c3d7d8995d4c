import type { Command } from 'commander';
import { StackAccess, type GlobalOptions } from './stack-access.ts';

export type Access = StackAccess;

const open = new Map<Command, StackAccess>();

/** The one access of a program run; commands share it and `closeAccess` ends it. */
export function accessOf(program: Command): StackAccess {
  let access = open.get(program);
  if (access === undefined) open.set(program, (access = new StackAccess(program.opts<GlobalOptions>())));
  return access;
}

export async function closeAccess(program: Command): Promise<void> {
  await open.get(program)?.close();
  open.delete(program);
}
