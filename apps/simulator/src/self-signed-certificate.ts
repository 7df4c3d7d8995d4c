import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

// A certificate that nobody has signed but itself, in DER by hand: Node can check certificates and cannot make one.

export interface CertificateTerms {
  /** The IP address it is for. */
  readonly address: readonly [number, number, number, number];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface SelfSigned {
  /** PEM. */
  readonly cert: string;
  /** PEM; made anew each time and never written anywhere. */
  readonly key: string;
}

export function selfSigned(terms: CertificateTerms): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const body = signedPart(terms, publicKey);
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.from([0]), signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const objectId = (...bytes: readonly number[]): Buffer => tagged(0x06, Buffer.from(bytes));

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
/** 2.5.4.3 */
const commonName = sequence(tagged(0x31, sequence(objectId(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from('simulator')))));
const version3 = tagged(0xa0, tagged(0x02, Buffer.from([2])));
const serial = tagged(0x02, Buffer.from([1]));

/** YYMMDDhhmmssZ */
const utcTime = (at: Date): Buffer => tagged(0x17, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

function signedPart({ address, notBefore, notAfter }: CertificateTerms, publicKey: KeyObject): Buffer {
  const validity = sequence(utcTime(notBefore), utcTime(notAfter));
  const subjectKey = publicKey.export({ type: 'spki', format: 'der' });
  /** 2.5.29.17, the subject's alternative name: one address. */
  const names = sequence(objectId(0x55, 0x1d, 0x11), tagged(0x04, sequence(tagged(0x87, Buffer.from(address)))));
  return sequence(version3, serial, ecdsaWithSha256, commonName, validity, commonName, subjectKey, tagged(0xa3, sequence(names)));
}
