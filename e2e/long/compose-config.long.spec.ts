// Compose itself accepts the file: no engine is needed for that, only the tool.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@paceline/testing';

const binary = [process.env['COMPOSE'], join(homedir(), 'go', 'bin', 'docker-compose'), '/usr/local/bin/docker-compose'].find(
  (path) => path !== undefined && existsSync(path),
);
const withCompose = binary === undefined ? it.skip : it;
const reason = binary === undefined ? ' (skipped: no docker-compose binary; name one with COMPOSE)' : '';

describe('docker-compose.yml', () => {
  withCompose(`is accepted by Compose${reason}`, () => {
    const { status, stderr } = spawnSync(binary ?? '', ['config', '-q'], { cwd: repositoryRoot, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
