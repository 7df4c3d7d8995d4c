// How a process of ours is run from its sources, from the root of the workspace.

/** Arguments of Node for the module `entry`; `preload` is loaded before it, once sources can be loaded. Paths from the root. */
export const sourceArgs = (entry: string, preload?: string): string[] => [
  '-C',
  '@paceline/source',
  '--import',
  './tools/swc-hook.mjs',
  ...(preload === undefined ? [] : ['--import', `./${preload}`]),
  entry,
];
