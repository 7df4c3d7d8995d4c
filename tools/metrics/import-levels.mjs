// How deep the files of a folder stand upon each other.
import { posix } from 'node:path';

const importing = /^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)'/gm;

function importsOf({ path, lines }, paths) {
  const found = [...lines.join('\n').matchAll(importing)].map(([, target]) => posix.join(posix.dirname(path), target));
  return found.filter((target) => paths.has(target));
}

/** The longest chain of files that import each other, imports of types included, first importer first. Throws at a circle. */
export function longestChain(files) {
  const paths = new Set(files.map(({ path }) => path));
  const imports = new Map(files.map((file) => [file.path, importsOf(file, paths)]));
  const chains = new Map();
  const chainFrom = (path, above) => {
    if (above.includes(path)) throw new Error(`import circle: ${[...above, path].join(' -> ')}`);
    if (!chains.has(path)) {
      const below = imports.get(path).map((target) => chainFrom(target, [...above, path]));
      chains.set(path, [path, ...longest(below)]);
    }
    return chains.get(path);
  };
  return longest([...paths].map((path) => chainFrom(path, [])));
}

const longest = (chains) => chains.reduce((best, chain) => (chain.length > best.length ? chain : best), []);
