// What `--help` says, of every command.
import { runCli } from '../../apps/cli/src/program.ts';
import { page, table } from './markdown.mjs';

async function helpOf(words) {
  const { isTTY } = process.stdout;
  const write = process.stdout.write.bind(process.stdout);
  let text = '';
  process.stdout.isTTY = false;
  process.stdout.write = (chunk) => ((text += String(chunk)), true);
  try {
    await runCli([...words, '--help']);
  } finally {
    process.stdout.write = write;
    process.stdout.isTTY = isTTY;
  }
  return text.trimEnd();
}

async function commandsOf(words) {
  const text = await helpOf(words);
  const [, listed = ''] = text.split('\nCommands:\n');
  const names = [...listed.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
  const inner = [];
  for (const name of names) inner.push(...(await commandsOf([...words, name])));
  return [{ words, text }, ...inner];
}

export async function cliPage() {
  const [program, ...commands] = await commandsOf([]);
  const codes = [
    ['0', 'complete'],
    ['1', 'unexpected'],
    ['2', 'settings or usage'],
    ['3', 'input refused'],
    ['4', 'unfinished, or rows in doubt'],
    ['5', 'the stack: port, Java, disk, broker'],
  ];
  const fence = (text) => `\`\`\`text\n${text}\n\`\`\``;
  return page(
    'Command line',
    'apps/cli/src/commands',
    '`npx paceline`, or `npm run paceline --`. The shapes of the JSON outputs: [schemas](schemas/README.md).',
    fence(program.text),
    '## Exit codes',
    table(['code', 'meaning'], codes),
    ...commands.map(({ words, text }) => `## ${words.join(' ')}\n\n${fence(text)}`),
  );
}
