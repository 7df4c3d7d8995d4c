// The compose file as Compose reads it: variables replaced by their defaults, merges done.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../', import.meta.url));

type Mount = string;
type SecretUse = string | { readonly source: string; readonly target: string };

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly args?: Readonly<Record<string, string>> };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly networks?: { readonly default?: { readonly aliases?: readonly string[] } };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly secrets?: readonly SecretUse[];
  readonly volumes?: readonly Mount[];
  readonly ports?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** `${NAME:-default}` and `$$`, the only two forms the file may use: everything has a default. */
export function withDefaults(text: string): string {
  return text.replace(/\$\$|\$\{[^}]*\}|\$\w*/g, (found) => {
    if (found === '$$') return '$';
    const value = /^\$\{[A-Z0-9_]+:-([^}]*)\}$/.exec(found)?.[1];
    if (value === undefined) throw new Error(`${found}: give it a default`);
    return value;
  });
}

export function readCompose(file = 'docker-compose.yml'): ComposeFile {
  return parse(withDefaults(readFileSync(join(root, file), 'utf8')), { merge: true }) as ComposeFile;
}

export const environmentOf = ({ environment = {} }: ComposeService): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));

interface Mounted {
  readonly from: string;
  readonly to: string;
}

/** Files and folders of the repository that a service sees, secrets included. */
export function mountsOf(service: ComposeService, { secrets }: ComposeFile): Mounted[] {
  const files = (service.volumes ?? []).filter((mount) => mount.startsWith('.')).map((mount) => mount.split(':'));
  const used = (service.secrets ?? []).map((use) => (typeof use === 'string' ? { source: use, target: `/run/secrets/${use}` } : use));
  return [
    ...files.map(([from = '', to = '']) => ({ from: resolve(root, from), to })),
    ...used.map(({ source, target }) => ({ from: resolve(root, secrets[source]?.file ?? `no secret ${source}`), to: target })),
  ];
}

export const namedVolumesOf = ({ volumes = [] }: ComposeService): string[] =>
  volumes.filter((mount) => !mount.startsWith('.')).map((mount) => mount.split(':')[0] ?? '');

/** The environment as it would be outside: a path that is mounted becomes the path in the repository. */
export function environmentHere(service: ComposeService, file: ComposeFile): Record<string, string> {
  const mounts = mountsOf(service, file);
  const here = (value: string): string => mounts.find(({ to }) => to === value)?.from ?? value;
  return Object.fromEntries(Object.entries(environmentOf(service)).map(([name, value]) => [name, here(value)]));
}

export const present = (path: string): boolean => existsSync(path);
