import { setTimeout as pause } from 'node:timers/promises';

import { withOneProcess } from './one-process.mjs';

const sizes = { users: 10_000, groups: 500 };
const membersOfGroup = 100;
const perBulk = 100;
/** Answers of 503, after which it is no use. */
const mostUnavailable = 200;
/** Requests that the provisioning client has under way. */
const atOnce = 8;
const bulksAtOnce = 2;

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const bulkUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/**
 * One provisioning client syncs accounts and groups into an empty directory: by a request for each, as Entra ID does (looks for it, makes it, fills
 * the groups), or in bulk, a hundred to a request.
 */
export const run = ([users = sizes.users, groups = sizes.groups, way = 'both'] = []) =>
  withOneProcess(async ({ origin, start }) => {
    const { signetProcess } = await start();
    const client = await provisioningClient(origin);
    const ways = { each: syncEach, bulk: syncInBulk };
    for (const [name, sync] of Object.entries(ways).filter(([name]) => way === 'both' || way === name)) {
      const began = performance.now();
      const userIds = await sync(client, name, Number(users), Number(groups));
      console.log(`the whole sync, ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      const some = userIds.slice(0, 500);
      await timed(`${some.length} users disabled, each with its floors before the answer`, () =>
        each(some.length, (at) =>
          client('PATCH', `/Users/${some[at]}`, patch({ op: 'Replace', path: 'active', value: 'False' })),
        ),
      );
    }
    if (unavailable > 0) console.log(`answers of 503, repeated: ${unavailable}`);
    await signetProcess.stop();
  });

async function syncEach(client, tag, users, groups) {
  const userIds = await timed(`${users} users: a look for each, and its creation`, () =>
    each(users, async (at) => {
      const wanted = user(tag, at);
      await client('GET', `/Users?filter=${encodeURIComponent(`userName eq "${wanted.userName}"`)}`);
      return (await client('POST', '/Users', wanted)).id;
    }),
  );
  const groupIds = await timed(`${groups} groups: a look for each, and its creation`, () =>
    each(groups, async (at) => {
      const wanted = group(tag, at);
      const filter = encodeURIComponent(`displayName eq "${wanted.displayName}"`);
      await client('GET', `/Groups?excludedAttributes=members&filter=${filter}`);
      return (await client('POST', '/Groups', wanted)).id;
    }),
  );
  await timed(`${membersOfGroup} members of each group, in one request each`, () =>
    each(groupIds.length, (at) =>
      client('PATCH', `/Groups/${groupIds[at]}`, patch({ op: 'Add', path: 'members', value: membersOf(userIds, at) })),
    ),
  );
  return userIds;
}

async function syncInBulk(client, tag, users, groups) {
  const post = async (path, count, make) => {
    const ids = Array.from({ length: count });
    // What there was no time for is asked for again.
    const send = async (wanted) => {
      const Operations = wanted.map((at) => ({ method: 'POST', path, bulkId: String(at), data: make(at) }));
      const answer = await client('POST', '/Bulk', { schemas: [bulkUrn], Operations });
      for (const { bulkId, location } of answer.Operations)
        ids[bulkId] = location?.slice(location.lastIndexOf('/') + 1);
      const failed = answer.Operations.find(({ status }) => status !== '201' && status !== '503');
      if (failed) throw new Error(`in bulk: ${JSON.stringify(failed)}`);
      const left = wanted.filter((at) => ids[at] === undefined);
      if (left.length > 0) await send(left);
    };
    const turns = Array.from({ length: Math.ceil(count / perBulk) }, (_, turn) =>
      Array.from({ length: Math.min(perBulk, count - turn * perBulk) }, (_at, index) => turn * perBulk + index),
    );
    await each(turns.length, (turn) => send(turns[turn]), bulksAtOnce);
    return ids;
  };
  const userIds = await timed(`${users} users in bulk`, () => post('/Users', users, (at) => user(tag, at)));
  await timed(`${groups} groups of ${membersOfGroup} members in bulk`, () =>
    post('/Groups', groups, (at) => ({ ...group(tag, at), members: membersOf(userIds, at) })),
  );
  return userIds;
}

const membersOf = (userIds, at) =>
  Array.from({ length: Math.min(membersOfGroup, userIds.length) }, (_, index) => ({
    value: userIds[(at * membersOfGroup + index) % userIds.length],
  }));

const patch = (...Operations) => ({ schemas: [patchUrn], Operations });

const user = (tag, at) => ({
  schemas: [userUrn, enterpriseUrn],
  externalId: `${tag}-${at}`,
  userName: `${tag}-${at}@bench.example`,
  active: true,
  displayName: `User ${at}`,
  name: { givenName: 'User', familyName: String(at) },
  emails: [{ primary: true, type: 'work', value: `${tag}-${at}@bench.example` }],
  phoneNumbers: [{ type: 'work', value: `+1 555 ${at}` }],
  [enterpriseUrn]: { employeeNumber: String(at), department: `Department ${at % 50}` },
});

const group = (tag, at) => ({ schemas: [groupUrn], externalId: `${tag}-${at}`, displayName: `${tag} ${at}` });

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
async function each(count, work, workers = atOnce) {
  const results = Array.from({ length: count });
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const at = next++;
      results[at] = await work(at);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

async function timed(what, work) {
  const began = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
