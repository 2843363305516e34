import { KeyManagementFailure } from './failure.js';

/** A key at a key management service, as `wrapped_by` and `--kms` name it. */
export type KeyName =
  | { readonly service: 'vault'; readonly mount: string; readonly key: string }
  | { readonly service: 'aws-kms'; readonly arn: string; readonly region: string; readonly domain: string }
  | { readonly service: 'gcp-kms'; readonly resource: string };

export const keyNameForms =
  'vault:<mount>/<key>, aws-kms:<ARN of a key or an alias> or gcp-kms:projects/…/locations/…/keyRings/…/cryptoKeys/…';

/** Nothing that a path would be read otherwise for. */
const segment = '(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.-]{1,128}';
const vault = new RegExp(`^vault:(${segment}(?:/${segment}){0,7})/(${segment})$`);
const aws =
  /^aws-kms:(arn:(aws(?:-[a-z]+)*):kms:([a-z]{2}(?:-[a-z]+)+-\d{1,2}):\d{12}:(?:key\/[A-Za-z0-9-]{1,64}|alias\/[A-Za-z0-9/_-]{1,250}))$/;
const gcp =
  /^gcp-kms:(projects\/[a-z0-9.:-]{1,64}\/locations\/[a-z0-9-]{1,64}\/keyRings\/[A-Za-z0-9_-]{1,63}\/cryptoKeys\/[A-Za-z0-9_-]{1,63})$/;

/** Throws a KeyManagementFailure for what names no key. */
export function parseKeyName(name: string): KeyName {
  const [, mount, key] = vault.exec(name) ?? [];
  if (mount !== undefined && key !== undefined) return { service: 'vault', mount, key };
  const [, arn, partition, region] = aws.exec(name) ?? [];
  if (arn !== undefined && region !== undefined)
    return { service: 'aws-kms', arn, region, domain: partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com' };
  const [, resource] = gcp.exec(name) ?? [];
  if (resource !== undefined) return { service: 'gcp-kms', resource };
  throw new KeyManagementFailure('settings', `a key is named as ${keyNameForms}`);
}
