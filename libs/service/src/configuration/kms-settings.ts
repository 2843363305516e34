import { z } from 'zod';
import type { KeyManagementSettings } from '../key-management/key-management.js';
import { setting } from './setting.js';

/** Whether it may be asked by http shows when it is: a variable may be there for other programs. */
const url = z
  .url({ protocol: /^https?$/, error: 'must be an https URL' })
  .refine((text) => !/[?#@]/.test(text), 'must have no query and no user');

const hostAndPort = z
  .string()
  .regex(/^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/, 'must be a host, or host:port');

const vaultPath = z
  .string()
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\/?$/, 'must be a path of Vault');

const word = z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'must be one word');

const seconds = z
  .string()
  .regex(/^\d{1,5}$/, 'must be whole seconds, 0 to 86400')
  .transform(Number)
  .refine((value) => value <= 86_400, 'must be whole seconds, 0 to 86400');

/** Where Kubernetes has the token of a pod's service account. */
const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** What it takes to ask a key management service. Where its own programs have a name for something, it is that. */
export const kmsSettings = {
  SIGNET_KMS_PATIENCE: setting(
    seconds,
    'Seconds for which a start waits for the key management service of a wrapped keyring',
    '300',
  ),
  VAULT_ADDR: setting(url, 'URL of the Vault that a keyring is wrapped by'),
  VAULT_NAMESPACE: setting(word, 'Namespace of that Vault'),
  SIGNET_KMS_VAULT_TOKEN_FILE: setting(z.string(), 'File with a token of that Vault'),
  SIGNET_KMS_VAULT_ROLE: setting(
    word,
    'In place of a token: role of Vault’s Kubernetes auth method, to sign in as the pod’s service account',
  ),
  SIGNET_KMS_VAULT_AUTH: setting(vaultPath, 'Path at which Vault’s Kubernetes auth method is mounted', 'kubernetes'),
  SIGNET_KMS_VAULT_JWT_FILE: setting(
    z.string(),
    'File with the token of the pod’s service account',
    'where Kubernetes mounts it',
  ),
  AWS_ACCESS_KEY_ID: setting(word, 'Access key for AWS KMS'),
  AWS_SECRET_ACCESS_KEY: setting(word, 'Its secret half'),
  AWS_SESSION_TOKEN: setting(word, 'Its session token, where it is temporary'),
  AWS_ROLE_ARN: setting(word, 'In place of an access key: role that is taken by a web identity (IRSA)'),
  AWS_WEB_IDENTITY_TOKEN_FILE: setting(z.string(), 'File with the token of the web identity'),
  AWS_ROLE_SESSION_NAME: setting(word, 'Name of the session under that role', 'signet'),
  AWS_ENDPOINT_URL_KMS: setting(url, 'URL of AWS KMS', 'https://kms.<region of the key>.amazonaws.com'),
  AWS_ENDPOINT_URL_STS: setting(url, 'URL of AWS STS', 'https://sts.<region of the key>.amazonaws.com'),
  GCE_METADATA_HOST: setting(
    hostAndPort,
    'Metadata server of Google Cloud, which gives the token for Cloud KMS',
    'metadata.google.internal',
  ),
  SIGNET_KMS_GCP_ENDPOINT: setting(url, 'URL of Google Cloud KMS', 'https://cloudkms.googleapis.com'),
} as const;

const kmsEnvironment = z.object({ ...kmsSettings, SIGNET_OUTBOUND_CA: z.string().optional() });
export type KmsValues = z.infer<typeof kmsEnvironment>;

/** The same of an environment of which nothing else is checked: a command's. Throws with names and reasons, never with a value. */
export function keyManagementSettings(env: Readonly<Record<string, string | undefined>>): KeyManagementSettings {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = kmsEnvironment.safeParse(Object.fromEntries(given));
  if (parsed.success) return keyManagementOf(parsed.data);
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '));
}

/** What the settings say of each service; whether it is enough shows where a keyring is wrapped by it. */
export function keyManagementOf(values: KmsValues): KeyManagementSettings {
  return {
    vault: vaultOf(values),
    aws: awsOf(values),
    gcp: {
      metadataHost: values.GCE_METADATA_HOST ?? 'metadata.google.internal',
      endpoint: values.SIGNET_KMS_GCP_ENDPOINT ?? 'https://cloudkms.googleapis.com',
    },
    authority: values.SIGNET_OUTBOUND_CA,
  };
}

function vaultOf(values: KmsValues): KeyManagementSettings['vault'] {
  const { VAULT_ADDR: address, VAULT_NAMESPACE: namespace } = values;
  const { SIGNET_KMS_VAULT_TOKEN_FILE: tokenFile, SIGNET_KMS_VAULT_ROLE: role } = values;
  if (address === undefined) return 'set VAULT_ADDR, its URL';
  if (tokenFile !== undefined) return { address, namespace, credentials: { tokenFile } };
  if (role === undefined)
    return 'set SIGNET_KMS_VAULT_TOKEN_FILE, or SIGNET_KMS_VAULT_ROLE to sign in as a Kubernetes service account';
  const mount = (values.SIGNET_KMS_VAULT_AUTH ?? 'kubernetes').replace(/\/$/, '');
  const jwtFile = values.SIGNET_KMS_VAULT_JWT_FILE ?? serviceAccountToken;
  return { address, namespace, credentials: { role, mount, jwtFile } };
}

/** In the order of AWS' own programs: keys first, then a web identity. */
function awsOf(values: KmsValues): KeyManagementSettings['aws'] {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = values;
  const { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = values;
  const endpoints = { kmsEndpoint: values.AWS_ENDPOINT_URL_KMS, stsEndpoint: values.AWS_ENDPOINT_URL_STS };
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { credentials: { accessKeyId, secretAccessKey, sessionToken: values.AWS_SESSION_TOKEN }, ...endpoints };
  if (role !== undefined && tokenFile !== undefined)
    return { credentials: { role, tokenFile, session: values.AWS_ROLE_SESSION_NAME ?? 'signet' }, ...endpoints };
  return 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE';
}
