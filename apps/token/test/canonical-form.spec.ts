import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pushedReference, resolveRequest } from '@signet/contracts';
import { digests } from '@signet/keys';
import { DEVICE_CODE_GRANT_TYPE, parsePushedRequestUri } from '@signet/protocol';
import { approve, beginDevice, deviceRedemption } from './support/devices.js';
import { Prover } from './support/dpop.js';
import { codeOf, get, isActive, populate, post, redemption, refresh, tokensOf } from './support/population.js';
import type { Population } from './support/population.js';
import { respelled } from './support/respelled.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  mesh.directory.clients.unshift({ ...acme.shop, grantTypes: [...acme.shop.grantTypes, DEVICE_CODE_GRANT_TYPE] });
});
afterAll(() => mesh.stop());

const shop = () => ({ authorization: acme.authorization });
const atToken = async (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  (await post(mesh.replicas[0], '/token', fields, { ...shop(), ...headers })).status === 200;

/** A text that we made, and whether it still does what it is for, as it was made or otherwise. */
interface Artefact {
  readonly text: string;
  readonly works: (text: string) => Promise<boolean>;
}

const artefacts: [string, () => Promise<Artefact>][] = [
  ['code', async () => ({ text: (await codeOf(mesh, acme)).code, works: (code) => atToken(redemption(code)) })],
  [
    'refresh token',
    async () => ({
      text: (await tokensOf(mesh, acme)).refresh_token ?? '',
      works: (token) => atToken(refresh(token)),
    }),
  ],
  [
    'device code',
    async () => {
      const device = await beginDevice(mesh, acme, shop());
      await approve(mesh, acme, device, 'shop');
      return { text: device.deviceCode, works: (deviceCode) => atToken(deviceRedemption({ ...device, deviceCode })) };
    },
  ],
  [
    'request_uri',
    async () => {
      const fields = { response_type: 'code', redirect_uri: 'https://shop.example/callback', scope: 'openid' };
      const challenge = { code_challenge: digests.sha256('v'.repeat(43)), code_challenge_method: 'S256' };
      const { body } = await post(mesh.replicas[0], '/par', { ...fields, ...challenge }, shop());
      return {
        text: String(body['request_uri']),
        works: async (uri) => {
          const pushed = pushedReference.safeParse(parsePushedRequestUri(uri, digests)).data;
          if (pushed === undefined) return false;
          const asked = { tenantId: acme.tenant.id, clientId: 'shop', asked: { pushed } };
          return (await mesh.ask(resolveRequest, asked)).outcome === 'resolved';
        },
      };
    },
  ],
  [
    'DPoP nonce',
    async () => {
      const prover = await Prover.create();
      const send = async () =>
        post(mesh.replicas[0], '/token', refresh('x'), { ...shop(), DPoP: await prover.proof() });
      return {
        text: (await send()).headers.get('DPoP-Nonce') ?? '',
        works: async (nonce) => {
          prover.nonce = nonce;
          return (await send()).body['error'] === 'invalid_grant';
        },
      };
    },
  ],
  [
    'access token at /userinfo',
    async () => ({
      text: (await tokensOf(mesh, acme)).access_token,
      works: async (token) =>
        (await get(mesh.replicas[0], '/userinfo', { authorization: `Bearer ${token}` })).status === 200,
    }),
  ],
  [
    'access token at /introspect',
    async () => ({
      text: (await tokensOf(mesh, acme)).access_token,
      works: async (token) => (await isActive(mesh, acme, token)) === true,
    }),
  ],
  [
    'refresh token at /revoke',
    async () => {
      const { refresh_token: text = '' } = await tokensOf(mesh, acme);
      return {
        text,
        works: async (token) => {
          await post(mesh.replicas[0], '/revoke', { token }, shop());
          return (await isActive(mesh, acme, text)) === false;
        },
      };
    },
  ],
];

// Or one artefact would have several texts, and what counts texts, logs them or compares them could be told another story.
it.each(artefacts)('%s: no other spelling of its bytes does anything', async (_what, make) => {
  const { text, works } = await make();
  const others = respelled(text);
  expect(others.length).toBeGreaterThan(2);
  for (const other of others) expect([other, await works(other)]).toEqual([other, false]);
  expect(await works(text)).toBe(true);
});
