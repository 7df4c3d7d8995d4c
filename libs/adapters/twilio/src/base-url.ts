const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Where a vendor host's requests really go. */
export interface Target {
  readonly origin: string;
  /** In front of every path; '' or like '/twilio'. */
  readonly prefix: string;
}

/** Checks an account's base URL: https, or http on loopback only, so that credentials never travel in the clear. */
export function parseBaseUrl(baseUrl: string): URL {
  const url = new URL(baseUrl);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))) return url;
  throw new Error(`baseUrl ${url.origin}: https is required outside loopback`);
}

/**
 * One base serves all API hosts by path. Only Twilio's own base keeps a host per product:
 * https://api.dublin.ie1.twilio.com serves Verify at https://verify.dublin.ie1.twilio.com.
 */
export function targetOf(base: URL, vendorHost: string): Target {
  const prefix = base.pathname.replace(/\/+$/, '');
  if (!/^api\.(?:[\w-]+\.)*twilio\.com$/.test(base.hostname)) return { origin: base.origin, prefix };
  const host = base.host.replace(/^api/, vendorHost.split('.')[0] ?? 'api');
  return { origin: `${base.protocol}//${host}`, prefix };
}
