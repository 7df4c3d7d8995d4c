// Servers of a test or a fault run must not outlive the process that started them, however it ends: a small process of its
// own waits for that. Its standard input is a pipe from here, which ends with this process even if it is killed.
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { sourceCommand, workspaceRoot } from './workspace.ts';

/** When this process ends, what run.json of the folder names is killed. The returned function takes that back. */
export function endWithUs(folder: string): () => void {
  const [node = '', ...args] = sourceCommand('tools/local/src/end-with-parent-main.ts');
  const given = [...args, folder, String(process.pid)];
  // Ctrl-C reaches our whole process group, and must not end who cleans up after it.
  const child = spawn(node, given, { cwd: workspaceRoot, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Neither keeps this process alive.
  child.unref();
  (child.stdin as Socket).unref();
  return () => void child.kill();
}
