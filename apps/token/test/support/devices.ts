import { approveDevice, type DeviceApproved } from '@signet/contracts';
import { digests } from '@signet/keys';
import { DEVICE_CODE_GRANT_TYPE, parseDeviceCode, parseUserCode, userCodeHash } from '@signet/protocol';
import type { z } from 'zod';
import { post, signInOf, type Population } from './population.js';
import type { TokenReplicas } from './token-replicas.js';

/** A device that waits: the code that it holds, and by what authn knows it. */
export interface Device {
  readonly deviceCode: string;
  readonly id: string;
  readonly hash: string;
}

export async function beginDevice(
  mesh: TokenReplicas,
  { tenant }: Population,
  headers: Record<string, string>,
  fields: Record<string, string> = {},
): Promise<Device> {
  const asked = { scope: 'openid offline_access', ...fields };
  const answer = await post(mesh.replicas[0], '/device_authorization', asked, headers);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  const deviceCode = String(answer.body['device_code']);
  const userCode = parseUserCode(String(answer.body['user_code'])) ?? '';
  return {
    deviceCode,
    id: parseDeviceCode(deviceCode)?.id ?? '',
    hash: userCodeHash(userCode, tenant.id, digests),
  };
}

/** Alice's sign-in, as authn says it with her yes. */
export const authenticationAt = (mesh: TokenReplicas, population: Population) =>
  signInOf(population, mesh.replicas[0].service.parts.database.now()).request.authentication;

export const approve = (
  mesh: TokenReplicas,
  population: Population,
  device: Device,
  clientId: string,
  changes: Partial<z.input<typeof approveDevice.request>> = {},
): Promise<DeviceApproved> =>
  mesh.ask(approveDevice, {
    tenantId: population.tenant.id,
    deviceCodeId: device.id,
    userCodeHash: device.hash,
    clientId,
    clientVersion: 1,
    authentication: authenticationAt(mesh, population),
    scopes: ['openid', 'offline_access'],
    context: { actor: 'account:alice' },
    ...changes,
  });

export const deviceRedemption = ({ deviceCode }: Device): Record<string, string> => ({
  grant_type: DEVICE_CODE_GRANT_TYPE,
  device_code: deviceCode,
});
