import { flagsOf, withoutOurFlags } from './npm-flags.mjs';

const npm = { npm_command: 'start' };

describe('flags of npm start', () => {
  it.each([
    ['after --: as they were written', { words: ['--file', 'a.csv', '--once'], env: npm }, ['--file', 'a.csv', '--once']],
    ['switches that npm kept', { words: [], env: { ...npm, npm_config_once: 'true', npm_config_restart: '' } }, ['--once', '--no-restart']],
    ['a value that npm kept', { words: [], env: { ...npm, npm_config_rows: '50' } }, ['--rows', '50']],
    ['a flag whose value is among the words', { words: ['a.csv'], env: { ...npm, npm_config_file: 'true' } }, ['--file', 'a.csv']],
    ['one flag twice', { words: ['a', 'b'], env: { ...npm, npm_config_file: 'true\n\ntrue' } }, ['--file', 'a', '--file', 'b']],
    ['variables of another command of npm', { words: ['--once'], env: { npm_command: 'test', npm_config_json: 'true' } }, ['--once']],
  ])('%s', (_which, { words, env }, flags) => {
    expect(flagsOf(words, env)).toEqual(flags);
  });

  it.each([
    ['fewer words than flags', [], { ...npm, npm_config_file: 'true' }],
    ['two flags without their values', ['1', '2'], { ...npm, npm_config_file: 'true', npm_config_rows: 'true' }],
  ])('%s: refused, since nobody knows what belongs to what', (_which, words, env) => {
    expect(() => void flagsOf(words, env)).toThrow('put them after --');
  });

  it('are not in the environment of what is started', () => {
    expect(withoutOurFlags({ PATH: '/bin', npm_config_once: 'true', npm_config_cache: '/c' })).toEqual({
      PATH: '/bin',
      npm_config_cache: '/c',
    });
  });
});
