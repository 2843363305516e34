import { applyPasswords } from './authn/configuration.js';
import { openSetup } from './authn/setup.js';
import { queryEntries, rereadEntries } from './audit/entry.js';
import { findLogKey, proveEntry } from './audit/log.js';
import { confirmOutbox, setAsideInOutbox } from './audit/outbox.js';
import { findAccount, resolveAccount } from './directory/account.js';
import {
  deleteAccountByOperator,
  eraseAccountByOperator,
  restoreAccountByOperator,
} from './directory/account-lifecycle.js';
import { createAdministrator, findAdministrator } from './directory/administrator.js';
import { findAuthority } from './directory/authority.js';
import { accountKeepers, forgetAccount } from './directory/forget-account.js';
import { findClient, findClientWithSecrets } from './directory/client.js';
import { applyDirectoryConfiguration } from './directory/configuration.js';
import { exportDirectoryTenant, planDirectoryConfiguration } from './directory/planning.js';
import { createInitialAccessToken } from './directory/registration.js';
import { findCatalogue, findTenant, listTenants } from './directory/tenant.js';
import { endOtherSessions, endOwnSession, listOwnSessions } from './session/own-sessions.js';
import { createSession, resolveSession } from './session/session.js';
import { checkAccessToken } from './token/access-token.js';
import { resolveRequest } from './token/authorization-request.js';
import { approveDevice, denyDevice, findDevice } from './token/device.js';
import { issueGrant } from './token/grant.js';
import { findPublicKeys, listKeys, prepareKeys, retireKey, rotateKeys } from './token/keys.js';
import { signLogoutToken } from './token/logout-token.js';
import { listOwnGrants, withdrawOwnGrant } from './token/own-grants.js';
import { raiseFloors } from './token/revocation.js';
import type { Request } from './request.js';
import { serviceNames, type Principal } from './services.js';

export interface Permissions {
  readonly serves: readonly Request[];
  readonly calls: readonly Request[];
  /** Event subjects that it consumes. */
  readonly consumes: readonly string[];
  /** Names of the consumers that its replicas share; nobody else may touch them. */
  readonly durables?: readonly string[];
  /** What others could not read, set aside. */
  readonly readsDeadLetters?: boolean;
  /** Gives the stream of it the copies that it is to have. */
  readonly raisesDeadLetters?: boolean;
}

const directoryChanges = 'signet.events.v1.*.directory.>';

/** Who serves, calls and consumes what: the NATS users' permissions are made from this, and nothing else is allowed. */
export const permissions: Readonly<Record<Principal, Permissions>> = {
  authn: {
    serves: [applyPasswords, openSetup, forgetAccount.authn, confirmOutbox.authn, setAsideInOutbox.authn],
    calls: [
      findTenant,
      findClient,
      findCatalogue,
      findAccount,
      resolveAccount,
      createSession,
      resolveSession,
      listOwnSessions,
      endOwnSession,
      endOtherSessions,
      issueGrant,
      listOwnGrants,
      withdrawOwnGrant,
      raiseFloors,
      findPublicKeys,
      resolveRequest,
      findDevice,
      approveDevice,
      denyDevice,
      checkAccessToken,
      findAuthority,
      findAdministrator,
      createAdministrator,
    ],
    consumes: [directoryChanges],
  },
  token: {
    serves: [
      issueGrant,
      listOwnGrants,
      withdrawOwnGrant,
      resolveRequest,
      findDevice,
      approveDevice,
      denyDevice,
      raiseFloors,
      findPublicKeys,
      prepareKeys,
      listKeys,
      rotateKeys,
      retireKey,
      checkAccessToken,
      signLogoutToken,
      forgetAccount.token,
      confirmOutbox.token,
      setAsideInOutbox.token,
    ],
    calls: [findTenant, listTenants, findClientWithSecrets, findCatalogue, findAccount, findAuthority],
    consumes: [directoryChanges],
  },
  session: {
    calls: [
      findTenant,
      findClient,
      resolveAccount,
      findPublicKeys,
      raiseFloors,
      rereadEntries,
      checkAccessToken,
      findAuthority,
      signLogoutToken,
    ],
    serves: [
      createSession,
      resolveSession,
      listOwnSessions,
      endOwnSession,
      endOtherSessions,
      forgetAccount.session,
      confirmOutbox.session,
      setAsideInOutbox.session,
    ],
    consumes: [directoryChanges, 'signet.events.v1.*.token.revocation.raised'],
    durables: ['session-revocations'],
  },
  directory: {
    serves: [
      findTenant,
      listTenants,
      findClient,
      findClientWithSecrets,
      findCatalogue,
      findAccount,
      resolveAccount,
      findAuthority,
      deleteAccountByOperator,
      restoreAccountByOperator,
      eraseAccountByOperator,
      findAdministrator,
      createAdministrator,
      applyDirectoryConfiguration,
      planDirectoryConfiguration,
      exportDirectoryTenant,
      createInitialAccessToken,
      confirmOutbox.directory,
      setAsideInOutbox.directory,
    ],
    calls: [raiseFloors, checkAccessToken, ...accountKeepers.map((keeper) => forgetAccount[keeper])],
    consumes: [],
  },
  audit: {
    serves: [
      rereadEntries,
      queryEntries,
      findLogKey,
      proveEntry,
      forgetAccount.audit,
      confirmOutbox.audit,
      setAsideInOutbox.audit,
    ],
    calls: [
      findTenant,
      listTenants,
      checkAccessToken,
      findAuthority,
      ...serviceNames.flatMap((name) => [confirmOutbox[name], setAsideInOutbox[name]]),
    ],
    consumes: ['signet.events.v1.>'],
    durables: ['audit'],
    raisesDeadLetters: true,
  },
  operator: {
    serves: [],
    calls: [
      applyDirectoryConfiguration,
      planDirectoryConfiguration,
      exportDirectoryTenant,
      createInitialAccessToken,
      deleteAccountByOperator,
      restoreAccountByOperator,
      eraseAccountByOperator,
      applyPasswords,
      openSetup,
      prepareKeys,
      listKeys,
      rotateKeys,
      retireKey,
      queryEntries,
      rereadEntries,
      findLogKey,
      proveEntry,
      findTenant,
      listTenants,
      raiseFloors,
    ],
    consumes: [],
    readsDeadLetters: true,
  },
};
