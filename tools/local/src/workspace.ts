// Where the sources are and how an entry of them is run: as everywhere in the workspace.
export { nodePath, sourceCommand, workspaceRoot } from '../../source-command.mjs';
