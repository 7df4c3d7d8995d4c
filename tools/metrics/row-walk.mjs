// The functions and files on a row's way from its file to its POST, as tools/row-walk.json lists them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `{ leg, path, name }` of each function. */
export function stepsOf(file) {
  const { legs } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(legs).flatMap(([leg, files]) =>
    Object.entries(files).flatMap(([path, names]) => names.map((name) => ({ leg, path, name }))),
  );
}

const escaped = (name) => name.replace(/[[\]#.]/g, '\\$&');

/** A method, a function, or a constant that is one. */
const definitionOf = (name) =>
  new RegExp(
    `^\\s*(?:(?:private |protected |public |static |async |override |\\*)*${escaped(name)}(?:<.*>)?\\(.*(?:[{(,]|=>)$` +
      `|(?:export )?(?:async )?function ?\\*? ?${escaped(name)}\\b|(?:export )?const ${escaped(name)} = .*(?:=>|\\($))`,
    'm',
  );

/** The steps whose function is no longer where the list says. */
export function missingSteps(root, steps) {
  const texts = new Map();
  const textOf = (path) => {
    const file = join(root, path);
    if (!texts.has(path)) texts.set(path, existsSync(file) ? readFileSync(file, 'utf8') : '');
    return texts.get(path);
  };
  return steps.filter(({ path, name }) => !definitionOf(name).test(textOf(path)));
}
