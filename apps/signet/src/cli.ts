import { createInterface } from 'node:readline/promises';
import { CommandFailed, type Command } from './command.js';
import { accountsDelete, accountsErase, accountsRestore } from './commands/accounts.js';
import { apply } from './commands/apply.js';
import { auditKey, auditMirror, auditProve, auditVerify } from './commands/audit.js';
import { check } from './commands/check.js';
import { databaseMigrate, databasePrepare } from './commands/database.js';
import { doctor } from './commands/doctor.js';
import { eventsCatalogue } from './commands/events-catalogue.js';
import { eventsDeadLetters } from './commands/events-dead-letters.js';
import { eventsSetAside } from './commands/events-set-aside.js';
import { eventsTail } from './commands/events-tail.js';
import { eventsList } from './commands/events.js';
import { exportTenants } from './commands/export.js';
import { installationAdopt } from './commands/installation.js';
import { keyringStatus } from './commands/keyring-status.js';
import { keyringAdd, keyringComplete, keyringCreate, keyringRemove, keyringWrap } from './commands/keyring.js';
import { keysList, keysRetire, keysRotate } from './commands/keys.js';
import { natsConfig } from './commands/nats.js';
import { plan } from './commands/plan.js';
import { registrationToken } from './commands/registration.js';
import { databaseRestored } from './commands/restored.js';
import { revokeAccount, revokeClient, revokeGrant, revokeSession, revokeTenant } from './commands/revoke.js';
import { routesPrinted } from './commands/routes.js';
import { schema } from './commands/schema.js';
import { serve } from './commands/serve.js';
import { setupLink } from './commands/setup.js';
import { tenantsList } from './commands/tenants.js';
import { versionPrinted } from './commands/version.js';
import { commandEnvironment } from './environment.js';
import { help, helpAsked, noCommand } from './help.js';

const commands: readonly Command[] = [
  serve,
  check,
  doctor,
  plan,
  apply,
  exportTenants,
  schema,
  setupLink,
  tenantsList,
  accountsDelete,
  accountsRestore,
  accountsErase,
  eventsList,
  eventsTail,
  eventsDeadLetters,
  eventsSetAside,
  eventsCatalogue,
  auditKey,
  auditProve,
  auditVerify,
  auditMirror,
  keysList,
  keysRotate,
  keysRetire,
  revokeAccount,
  revokeClient,
  revokeTenant,
  revokeSession,
  revokeGrant,
  databasePrepare,
  databaseMigrate,
  databaseRestored,
  installationAdopt,
  natsConfig,
  routesPrinted,
  keyringCreate,
  keyringWrap,
  keyringComplete,
  keyringAdd,
  keyringRemove,
  keyringStatus,
  registrationToken,
  versionPrinted,
];

function find(given: readonly string[]): Command | undefined {
  return commands.find(({ words }) => words.every((word, index) => given[index] === word));
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** Runs what was asked for, and sets the exit code. `afterOpen`: when it is done, or stands. */
export async function runCommand(given: readonly string[], afterOpen?: () => void): Promise<void> {
  const found = find(given);
  // A reader that has enough (`signet … | head`) is no failure; a server goes on without its log.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' && found?.words[0] !== 'serve') process.exit(process.exitCode ?? 0);
  });
  const about = helpAsked(given);
  const told = about && help(commands, about);
  if (told !== undefined) {
    console.log(told);
    return;
  }
  if (about || !found) {
    console.error(`signet: ${noCommand(commands, about ?? given)}`);
    process.exitCode = 2;
    return;
  }
  try {
    const code = await found.run(given.slice(found.words.length), {
      // eslint-disable-next-line no-restricted-syntax -- the command line's own edge to its environment
      environment: commandEnvironment(process.env),
      // eslint-disable-next-line no-restricted-syntax -- a setting of the terminal (https://no-color.org), read where the command line meets its environment
      colour: process.stdout.isTTY && !process.env['NO_COLOR'],
      ...(process.stdin.isTTY && process.stdout.isTTY && { ask }),
      out: (line) => {
        process.stdout.write(`${line}\n`);
      },
      ...(afterOpen && { afterOpen }),
    });
    if (code !== undefined) process.exitCode = code;
    afterOpen?.();
  } catch (error) {
    console.error(error instanceof CommandFailed ? `signet: ${error.message}` : error);
    process.exitCode = 1;
  }
}
