import { describe, expect, it } from '@jest/globals';
import { parseKeyName } from './key-name.js';

const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const chinese = 'arn:aws-cn:kms:cn-north-1:111122223333:alias/signet/keyring';
const resource = 'projects/acme-1/locations/europe-west3/keyRings/signet/cryptoKeys/keyring';

describe('the name of a key', () => {
  it.each([
    ['vault:transit/signet', { service: 'vault', mount: 'transit', key: 'signet' }],
    ['vault:teams/id/transit/signet_1.b', { service: 'vault', mount: 'teams/id/transit', key: 'signet_1.b' }],
    [`aws-kms:${arn}`, { service: 'aws-kms', arn, region: 'eu-central-1', domain: 'amazonaws.com' }],
    [`aws-kms:${chinese}`, { service: 'aws-kms', arn: chinese, region: 'cn-north-1', domain: 'amazonaws.com.cn' }],
    [`gcp-kms:${resource}`, { service: 'gcp-kms', resource }],
  ])('%s', (name, key) => {
    expect(parseKeyName(name)).toEqual(key);
  });

  it.each([
    '',
    'transit/signet',
    'vault:signet',
    'vault:/signet',
    'vault:transit/',
    'vault:transit/../sys/seal',
    'vault:../signet',
    'vault:transit/..',
    'vault:transit//signet',
    'vault:transit/a?b',
    'vault:transit/a b',
    'vault:https://vault.example/transit/signet',
    'aws-kms:1234abcd-12ab-34cd-56ef-1234567890ab',
    'aws-kms:arn:aws:s3:eu-central-1:111122223333:key/a',
    'aws-kms:arn:aws:kms:evil.example/#-1:111122223333:key/a',
    `aws-kms:${arn}/..`,
    `gcp-kms:${resource}/cryptoKeyVersions/1`,
    'gcp-kms:projects/a/locations/b/keyRings/../cryptoKeys/d',
    `azure:${resource}`,
    `${arn}\naws-kms:${arn}`,
  ])('is not %j', (name) => {
    expect(() => parseKeyName(name)).toThrow('a key is named as vault:<mount>/<key>');
  });
});
