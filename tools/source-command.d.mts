export declare const workspaceRoot: string;
export declare function nodePath(): string;
export declare function sourceFlags(preloads?: readonly string[]): string[];
export declare function sourceCommand(entry: string, nodeFlags?: readonly string[], preloads?: readonly string[]): string[];
