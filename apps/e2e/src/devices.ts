import type { RawClient, Answer } from './raw-client.js';
import { alice } from './twin-tenants.js';
import type { Shown, UserAgent } from './user-agent.js';

export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Alice, with nothing but what the device shows her, as far as the page that asks her. */
export async function enterUserCode(url: string, userCode: string, agent: UserAgent): Promise<Shown> {
  const page = await agent.open(url);
  const next = await agent.submit(page, { user_code: userCode });
  return next.html.includes('type="password"') ? agent.submit(next, { ...alice }) : next;
}

export interface WaitingDevice {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
}

export const beginDevice = (client: RawClient): Promise<Answer> =>
  client.post('/device_authorization', { scope: 'openid profile offline_access' });

export const waitingOf = ({ body }: Answer): WaitingDevice => ({
  device_code: String(body['device_code']),
  user_code: String(body['user_code']),
  verification_uri: String(body['verification_uri']),
});

export async function approveDevice(device: WaitingDevice, agent: UserAgent): Promise<Shown> {
  const asked = await enterUserCode(device.verification_uri, device.user_code, agent);
  return agent.submit(asked, { decision: 'allow' });
}

export const pollDevice = (client: RawClient, { device_code }: WaitingDevice): Promise<Answer> =>
  client.token({ grant_type: deviceCodeGrant, device_code });
