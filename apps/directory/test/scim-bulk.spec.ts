import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { enterpriseUrn, errorOf, groupUrn, patchOf, Provisioning, userUrn } from './provisioning.js';

let the: Provisioning;

beforeAll(async () => {
  the = await Provisioning.start();
});
afterAll(() => the.stop());
beforeEach(() => the.use());

const request = (Operations: object[], more: object = {}) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations,
  ...more,
});

const result = z.looseObject({ status: z.string(), location: z.string().optional() });

async function bulk(operations: object[], more: object = {}) {
  const answer = await the.ask('POST', '/Bulk', request(operations, more));
  expect(answer).toMatchObject({
    status: 200,
    body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'] },
  });
  return z.object({ Operations: z.array(result) }).parse(answer.body).Operations;
}

const post = (bulkId: string, userName: string, more: object = {}) => ({
  ...{ method: 'POST', path: '/Users', bulkId, data: { schemas: [userUrn], userName, ...more } },
});

// RFC 7644 section 3.7.
describe('bulk', () => {
  it('does everything that a request of its own could, and answers in the same order', async () => {
    const [changed, gone] = [await the.user(), await the.user()];
    const results = await bulk([
      post('qwerty', 'Alice'),
      {
        ...{ method: 'POST', path: '/Groups', bulkId: 'ytrewq' },
        data: { schemas: [groupUrn], displayName: 'Tour Guides', members: [{ type: 'User', value: 'bulkId:qwerty' }] },
      },
      { method: 'PUT', path: `/Users/${changed.id}`, version: 'W/"1"', data: { schemas: [userUrn], userName: 'Bob' } },
      { method: 'patch', path: '/Users/bulkId:qwerty', data: patchOf({ op: 'add', path: 'title', value: 'Guide' }) },
      { method: 'DELETE', path: `/Users/${gone.id}`, version: 'W/"1"' },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['201', '201', '200', '200', '204']);
    expect(results[0]).toEqual({
      ...{ method: 'POST', bulkId: 'qwerty', status: '201', version: 'W/"1"' },
      location: expect.stringContaining(`/scim/v2/t/${the.at.slug}/Users/acc_`),
    });
    const alice = results[0]?.location?.split('/').at(-1) ?? '';
    expect(await the.done('GET', `/Users/${alice}`)).toMatchObject({
      title: 'Guide',
      groups: [{ display: 'Tour Guides' }],
    });
  });

  it('does first what another refers to', async () => {
    const manager = { [enterpriseUrn]: { manager: { value: 'bulkId:boss' } } };
    const results = await bulk([post('clerk', 'Clerk', manager), post('boss', 'Boss')]);
    expect(results.map(({ bulkId }) => bulkId)).toEqual(['clerk', 'boss']);
    const [clerk, boss] = results.map(({ location }) => location?.split('/').at(-1));
    expect(await the.done('GET', `/Users/${clerk ?? ''}`)).toMatchObject({
      [enterpriseUrn]: { manager: { value: boss } },
    });
  });

  it('tells of each failure, and goes on, or stops after as many as it was told', async () => {
    const operations = [
      post('1', 'Same'),
      post('2', 'same'),
      { method: 'DELETE', path: '/Users/acc_0' },
      { method: 'GET', path: `/Users/acc_018f4e7c2a107b3c9d556f0e1a2b3c4d` },
      { method: 'POST', path: '/Users', data: {} },
      { method: 'PATCH', path: '/Nothing/1', data: {} },
      post('3', 'Other'),
    ];
    const results = await bulk(operations);
    expect(results.map(({ status }) => status)).toEqual(['201', '409', '404', '405', '400', '400', '201']);
    expect(results[1]).toMatchObject({ bulkId: '2', response: { status: '409', scimType: 'uniqueness' } });
    const stopped = await bulk([post('4', 'other'), post('5', 'same'), post('6', 'Never')], { failOnErrors: 2 });
    expect(stopped.map(({ status }) => status)).toEqual(['409', '409']);
    expect(await the.list('/Users', 'userName eq "never"')).toEqual({ total: 0, ids: [] });
  });

  it('refuses circles, and what refers to what is not there', async () => {
    const managed = (by: string) => ({ [enterpriseUrn]: { manager: { value: `bulkId:${by}` } } });
    const circle = await bulk([post('1', 'One', managed('2')), post('2', 'Two', managed('1'))]);
    expect(circle[0]).toMatchObject({ status: '409' });
    const group = { schemas: [groupUrn], displayName: 'Empty', members: [{ value: 'bulkId:nobody' }] };
    const [missing] = await bulk([{ method: 'POST', path: '/Groups', bulkId: 'g', data: group }]);
    expect(missing).toMatchObject({ status: '400', response: { scimType: 'invalidValue' } });
  });

  it('has its limits', async () => {
    const many = Array.from({ length: 101 }, (_, at) => post(`${at}`, `${at}`));
    expect(errorOf(await the.ask('POST', '/Bulk', request(many)))).toEqual([413, undefined]);
    const large = (bytes: number) => [{ ...post('1', 'Large'), padding: 'x'.repeat(bytes) }];
    expect(errorOf(await the.ask('POST', '/Bulk', request(large(1_048_576))))).toEqual([413, undefined]);
    expect(await bulk(large(1_000_000))).toMatchObject([{ status: '201' }]);
    expect(errorOf(await the.ask('POST', '/Bulk', request([])))).toEqual([400, 'invalidSyntax']);
    expect(errorOf(await the.ask('POST', '/Bulk', request([post('1', 'a'), post('1', 'b')])))).toEqual([
      400,
      'invalidValue',
    ]);
    expect(errorOf(await the.ask('POST', '/Bulk', { ...request([post('1', 'a')]), schemas: [] }))).toEqual([
      400,
      'invalidSyntax',
    ]);
  });
});
