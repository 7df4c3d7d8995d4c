import { type Api } from './api.ts';
import { consumerApis } from './consumer-apis.ts';
import { logApis } from './log-apis.ts';
import { emptyBody } from './protocol.ts';
import { transactionApis } from './transaction-apis.ts';

export const apiVersions: Api = {
  name: 'ApiVersions',
  key: 18,
  min: 0,
  max: 2,
  decode: () => emptyBody,
  encode: (writer, { errorCode }, version) => {
    writer.int16(errorCode).array(served, (_, { key, min, max }) => writer.int16(key).int16(min).int16(max));
    if (version >= 1) writer.int32(0);
  },
};

const served: readonly Api[] = [...logApis, apiVersions, ...consumerApis, ...transactionApis];

export const apiOfKey = (key: number): Api | undefined => served.find((api) => api.key === key);
