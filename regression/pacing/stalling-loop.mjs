// Loaded before a service (`--import`): blocks its event loop for 4 ms in every 20, as a busy neighbour in the process would.
const everyMs = 20;
const blockedMs = 4;

setInterval(() => {
  const until = performance.now() + blockedMs;
  while (performance.now() < until);
}, everyMs).unref();
