// Loader for running the sources without a build; who wants to run one calls `node tools/run.mjs apps/x/src/main.ts`.
// Transpiled code is kept under node_modules/.cache, keyed by content, so that eight processes do not compile the same files.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const options = JSON.parse(readFileSync(new URL('../.swcrc', import.meta.url), 'utf8'));
const cache = fileURLToPath(new URL('../node_modules/.cache/swc/', import.meta.url));
mkdirSync(cache, { recursive: true });
process.setSourceMapsEnabled(true);
let transform;

function compile(filename, source) {
  transform ??= process.getBuiltinModule('node:module').createRequire(import.meta.url)('@swc/core').transformSync;
  return transform(source, { ...options, swcrc: false, filename }).code;
}

function cached(filename, source) {
  const at = cache + createHash('sha256').update(filename).update('\0').update(source).digest('hex').slice(0, 40) + '.js';
  try {
    return readFileSync(at, 'utf8');
  } catch {
    const code = compile(filename, source);
    const temporary = `${at}.${process.pid}`;
    writeFileSync(temporary, code);
    renameSync(temporary, at);
    return code;
  }
}

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return nextLoad(url, context);
    const filename = fileURLToPath(url);
    return { format: 'module', shortCircuit: true, source: cached(filename, readFileSync(filename, 'utf8')) };
  },
});
