// Loaded before a service (`--import`): SIGUSR2 blocks its event loop once, for BLOCKED_MS, as a runaway computation would.
const blockedMs = Number(process.env.BLOCKED_MS);

process.on('SIGUSR2', () => {
  const until = performance.now() + blockedMs;
  while (performance.now() < until);
});
