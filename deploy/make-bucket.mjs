// `node make-bucket.mjs NAME`: makes the watched bucket when it is missing. Credentials as the AWS SDK finds them.
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';

const [Bucket] = process.argv.slice(2);
const { S3_ENDPOINT: endpoint, S3_REGION: region } = process.env;
const client = new S3Client({ endpoint, region, forcePathStyle: true });

const exists = await client.send(new HeadBucketCommand({ Bucket })).then(
  () => true,
  (error) => {
    if (error.$metadata?.httpStatusCode === 404) return false;
    throw error;
  },
);
if (!exists) await client.send(new CreateBucketCommand({ Bucket }));
console.log(`bucket ${Bucket}: ${exists ? 'is there' : 'made'}`);
