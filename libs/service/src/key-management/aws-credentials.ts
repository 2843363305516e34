import { readCredentialFile } from './credential-file.js';
import { KeyManagementFailure } from './failure.js';
import type { AwsCredentials } from './aws-signature.js';
import type { KmsCalls } from './kms-call.js';

/** What the environment of an AWS program says. */
export interface AwsSettings {
  readonly credentials:
    AwsCredentials | { readonly role: string; readonly tokenFile: string; readonly session: string };
  /** URLs in place of those that follow from the key's region. */
  readonly kmsEndpoint?: string | undefined;
  readonly stsEndpoint?: string | undefined;
}

export interface AwsPlace {
  readonly region: string;
  /** `amazonaws.com`, or China's. */
  readonly domain: string;
}

/** As they are set; or those of the role that the web identity token stands for (IAM roles for service accounts), for an hour. */
export async function awsCredentials(
  { credentials, stsEndpoint }: AwsSettings,
  { region, domain }: AwsPlace,
  calls: KmsCalls,
): Promise<AwsCredentials> {
  if (!('role' in credentials)) return credentials;
  const { role, tokenFile, session } = credentials;
  const token = await readCredentialFile('AWS_WEB_IDENTITY_TOKEN_FILE', tokenFile);
  const url = new URL('/', stsEndpoint ?? `https://sts.${region}.${domain}`);
  const whom = `AWS STS at ${url.origin}`;
  const form = new URLSearchParams({
    ...{ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15' },
    ...{ RoleArn: role, RoleSessionName: session, WebIdentityToken: token },
  });
  const { status, text } = await calls.ask({
    ...{ whom, url: url.href, method: 'POST', body: form.toString() },
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  if (status !== 200) throw refusal(whom, role, status, textOf(text, 'Code') ?? '');
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) =>
    textOf(text, name),
  );
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    throw new KeyManagementFailure('answer', `${whom} answers what STS does not: see AWS_ENDPOINT_URL_STS`);
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** Of an answer whose texts are base64, names and codes, which XML escapes nothing of. */
const textOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>\\s*([^<>&\\s]+)\\s*</${name}>`).exec(xml)?.[1];

function refusal(whom: string, role: string, status: number, code: string): KeyManagementFailure {
  if (code.startsWith('ExpiredToken'))
    return new KeyManagementFailure(
      'expired',
      `${whom} finds the web identity token expired: see who writes AWS_WEB_IDENTITY_TOKEN_FILE anew`,
    );
  if (code.startsWith('Throttling') || code === 'IDPCommunicationError')
    return new KeyManagementFailure('unreachable', `${whom} cannot answer for now (${code}): it is asked again`);
  const shown = /^[A-Za-z]{1,64}$/.test(code) ? code : `status ${status}`;
  return new KeyManagementFailure(
    'denied',
    `${whom} does not give the role ${role} to this web identity (${shown}): see the trust policy of the role`,
  );
}
