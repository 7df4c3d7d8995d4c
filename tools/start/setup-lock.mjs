// One set-up of a checkout at a time: two starts at once would run `npm ci` over each other and leave node_modules broken.
// Runs on bare Node 20, before anything is installed. The lock lies outside node_modules, which `npm ci` deletes.
import { createHash } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const pollMs = 200;

/** The lock of one checkout and user. */
export function setupLockOf(root, folder = tmpdir()) {
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(folder, `paceline-setup-${userInfo().uid}-${checkout}.lock`);
}

/** Runs `work` while holding the file; waits for a living holder, `told` once of its pid. A holder that died is succeeded. */
export function withSetupLock(file, work, told = () => undefined) {
  let isTold = false;
  while (!taken(file)) {
    const holder = contentOf(file);
    if (holder !== '' && !isHeld(holder)) succeed(file, holder);
    else {
      if (!isTold && holder !== '') told(holder.split(' ')[0]);
      isTold ||= holder !== '';
      sleep(pollMs);
    }
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Whoever links the file has it; its content tells who: pid and, where the system tells it, the process's start time. */
function taken(file) {
  const own = `${file}.${process.pid}.own`;
  writeFileSync(own, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600 });
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Empty when it is gone. */
function contentOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isHeld(content) {
  const [pid, start = ''] = content.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  // The number may be another process's by now.
  return start === '' || start === startOf(Number(pid));
}

function startOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Takes an abandoned file away; when another one was quicker, what was taken away is its lock, and it gets it back. */
function succeed(file, abandoned) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== abandoned) linkSync(aside, file);
  } catch {
    // Gone already, or taken anew: the next look tells.
  }
  rmSync(aside, { force: true });
}

const sleep = (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
