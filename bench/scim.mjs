import { setTimeout as pause } from 'node:timers/promises';

import { withOneProcess } from './one-process.mjs';

const sizes = { users: 10_000, groups: 500 };
/** Of each group, added 100 at a time, as Entra ID does. */
const membersOfGroup = 100;
const perPatch = 100;
/** Answers of 503, after which it is no use. */
const mostUnavailable = 200;
/** Requests that the provisioning client has under way. */
const atOnce = 8;

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** One provisioning client syncs accounts and groups into an empty directory, as Entra ID does: looks for each, makes it, fills the groups. */
export const run = ([users = sizes.users, groups = sizes.groups] = []) =>
  withOneProcess(async ({ origin, start }) => {
    const { signetProcess } = await start();
    const client = await provisioningClient(origin);
    const began = performance.now();

    const userIds = await timed(`${users} users: a look for each, and its creation`, () =>
      each(Number(users), async (at) => {
        const userName = `user-${at}@bench.example`;
        await client('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
        return (await client('POST', '/Users', user(userName, at))).id;
      }),
    );
    const groupIds = await timed(`${groups} groups: a look for each, and its creation`, () =>
      each(Number(groups), async (at) => {
        const displayName = `Group ${at}`;
        const filter = encodeURIComponent(`displayName eq "${displayName}"`);
        await client('GET', `/Groups?excludedAttributes=members&filter=${filter}`);
        return (await client('POST', '/Groups', { schemas: [groupUrn], externalId: `g-${at}`, displayName })).id;
      }),
    );
    await timed(`${membersOfGroup} members of each group`, () =>
      each(groupIds.length, async (at) => {
        for (let from = 0; from < membersOfGroup; from += perPatch) {
          const value = Array.from({ length: perPatch }, (_, index) => ({
            value: userIds[(at * membersOfGroup + from + index) % userIds.length],
          }));
          await client('PATCH', `/Groups/${groupIds[at]}`, patch({ op: 'Add', path: 'members', value }));
        }
      }),
    );
    console.log(`the whole sync: ${((performance.now() - began) / 1000).toFixed(1)} s`);

    if (unavailable > 0) console.log(`answers of 503, repeated: ${unavailable}`);
    await timed('1000 users disabled, each with its floors before the answer', () =>
      each(Math.min(1_000, userIds.length), (at) =>
        client('PATCH', `/Users/${userIds[at]}`, patch({ op: 'Replace', path: 'active', value: 'False' })),
      ),
    );
    await signetProcess.stop();
  });

const patch = (...Operations) => ({ schemas: [patchUrn], Operations });

const user = (userName, at) => ({
  schemas: [userUrn, enterpriseUrn],
  externalId: `u-${at}`,
  userName,
  active: true,
  displayName: `User ${at}`,
  name: { givenName: 'User', familyName: String(at) },
  emails: [{ primary: true, type: 'work', value: userName }],
  phoneNumbers: [{ type: 'work', value: `+1 555 ${at}` }],
  [enterpriseUrn]: { employeeNumber: String(at), department: `Department ${at % 50}` },
});

let unavailable = 0;

async function provisioningClient(origin) {
  const form = { grant_type: 'client_credentials', scope: 'signet:scim' };
  const authorization = `Basic ${Buffer.from('demo-admin:demo-admin-secret').toString('base64')}`;
  let bearer;
  let until = 0;
  const token = async () => {
    if (performance.now() < until) return bearer;
    const answer = await fetch(`${origin}/token`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form),
    });
    if (!answer.ok) throw new Error(`no token: ${await answer.text()}`);
    const { access_token, expires_in } = await answer.json();
    [bearer, until] = [access_token, performance.now() + (expires_in - 60) * 1000];
    return bearer;
  };
  return async function ask(method, path, body) {
    const answer = await fetch(`${origin}/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/scim+json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status === 503) {
      if (unavailable > mostUnavailable) throw new Error(`${method} ${path}: 503, again and again`);
      unavailable += 1;
      await pause(Number(answer.headers.get('retry-after')) * 1_000);
      return ask(method, path, body);
    }
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

/** Does `work` for 0 to `count` − 1, some at once; gives what each gave. */
async function each(count, work) {
  const results = Array.from({ length: count });
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const at = next++;
      results[at] = await work(at);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

async function timed(what, work) {
  const began = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
