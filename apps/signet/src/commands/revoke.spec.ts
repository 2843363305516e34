import { expect, it } from '@jest/globals';
import { CommandFailed, type Command } from '../command.js';
import { revokeAccount, revokeClient, revokeTenant } from './revoke.js';

const id = '0190a1b2c3d47e5f8a9b0c1d2e3f4a5b';
const run = (command: Command, ...parameters: string[]) =>
  command.run(parameters, { environment: {}, out: () => undefined });

it.each<[string, Command, string[], RegExp]>([
  ['no id', revokeAccount, [], /give one id of an account/],
  ['two ids', revokeAccount, [`acc_${id}`, `acc_${id}`], /give one id of an account/],
  ['an id of another kind', revokeAccount, [`ten_${id}`], /begins with acc_/],
  ['an id as the database has it', revokeAccount, ['0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'], /begins with acc_/],
  ['a tenant by its slug', revokeClient, ['shop', '--tenant', 'default'], /begins with ten_/],
  ['a client_id that none can be', revokeClient, ['x'.repeat(300)], /no client_id/],
  ['a reason without an end', revokeTenant, [`ten_${id}`, '--reason', 'x'.repeat(101)], /--reason/],
  ['no database', revokeTenant, [`ten_${id}`], /set DATABASE_URL/],
])('refuses %s before anything is ended', async (_what, command, parameters, message) => {
  const failed = await run(command, ...parameters).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(CommandFailed);
  expect((failed as Error).message).toMatch(message);
});
