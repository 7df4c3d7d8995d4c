import type { NetworkStage } from '@paceline/domain/sending';

const stages: Readonly<Record<string, NetworkStage>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'connection-refused',
  ENETUNREACH: 'connection-refused',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ETIMEDOUT: 'connect-timeout',
  EPROTO: 'tls',
};
const tls = /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** How far a connection came; only for calls that wrote nothing. */
export function networkStageOf(error: Error): NetworkStage {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return stages[code] ?? (tls.test(code) ? 'tls' : 'not-written');
}
