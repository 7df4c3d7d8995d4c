// The server as a process of its own: what the judge does must not delay the instants that it judges by.
import { PlainServer } from './plain-server.ts';

const server = await PlainServer.start();
process.send?.(server.url);
process.once('disconnect', () => process.exit(0));
