// Run after every `npm install`. A registry that lacks some platform packages makes npm leave them out of the lockfile,
// and `npm ci` then refuses it ("Missing: ... from lock file"). This writes an entry with os and cpu for each of them:
// npm skips it wherever it does not apply. `--check` writes nothing and exits 1 when entries are missing.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const otherNames = { windows: 'win32', macos: 'darwin', armv7: 'arm', x86: 'ia32', x86_64: 'x64', aarch64: 'arm64' };

/** The systems and processors a package name speaks of: `@swc/core-linux-arm64-gnu` -> linux, arm64. */
export function platformOf(name) {
  const words = name.split(/[/@-]/).map((word) => otherNames[word] ?? word);
  return { os: systems.filter((one) => words.includes(one)), cpu: processors.filter((one) => words.includes(one)) };
}

/** Every place in which node would look for a dependency of the package at `place`, nearest first. */
function lookups(place, name) {
  const paths = [];
  let at = place;
  while (at !== '') {
    paths.push(`${at}/node_modules/${name}`);
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '';
  }
  return [...paths, `node_modules/${name}`];
}

function entryFor(name, version, dev) {
  const { os, cpu } = platformOf(name);
  if (os.length === 0 && cpu.length === 0) return null;
  return {
    version: version.replace(/^[\^~]/, ''),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev === true ? { dev: true } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}

/** The entries that are missing, by their path in the lockfile. */
export function missingEntries(packages) {
  const missing = {};
  for (const [place, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (lookups(place, name).some((path) => path in packages)) continue;
      const entry = entryFor(name, version, dev);
      if (entry === null) console.warn(`${name}@${version} is missing and tells no platform by its name: left alone`);
      else missing[`node_modules/${name}`] ??= entry;
    }
  }
  return missing;
}

const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingEntries(lock.packages);
const names = Object.keys(missing);
if (process.argv.includes('--check')) {
  if (names.length > 0) {
    console.error(`package-lock.json lacks ${names.length} platform packages: run node tools/lock-fill.mjs`);
    process.exitCode = 1;
  }
} else {
  const { '': workspace, ...others } = { ...lock.packages, ...missing };
  const sorted = Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': workspace, ...Object.fromEntries(sorted) };
  if (names.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${names.length} platform packages added to package-lock.json`);
}
