import { kinshipOf, type Installation } from '@signet/contracts';
import { ofDatabase, ofNats } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

const adopt =
  'give each installation its own; or, if this one is to go on as it is now, stop every service and run `signet installation adopt`';

/** Whose it is, against whose it should be. */
export function judgeInstallation(
  known: Installation | undefined,
  ours: Installation | undefined,
): Verdict | undefined {
  if (!known) return ok('nobody’s yet: the first service that starts takes it');
  if (!ours) return undefined;
  switch (kinshipOf(known, ours)) {
    case 'same':
      return ours.keys.every((key) => known.keys.includes(key))
        ? ok(`of ${known.issuer}`)
        : warning(
            `of ${known.issuer}, without a key of this keyring`,
            'Start the services anew with this keyring, if they have it not yet',
          );
    case 'another issuer':
      return fault(`of ${known.issuer}, and SIGNET_ISSUER is ${ours.issuer}`, `Put SIGNET_ISSUER right, or ${adopt}`);
    case 'another keyring':
      return fault(`of ${known.issuer} with another keyring`, `Put its keyring back, or ${adopt}`);
  }
}

export const databaseInstallation = ofDatabase({
  name: 'database.installation',
  about: 'the schemas belong to the installation of SIGNET_ISSUER and of this keyring',
  judge: async ({ installation }, examined) => judgeInstallation(installation, await examined.installation()),
});

export const natsInstallation = ofNats({
  name: 'nats.installation',
  about: 'the events’ stream belongs to the installation of SIGNET_ISSUER and of this keyring',
  judge: async ({ stream }, examined) =>
    stream && judgeInstallation(stream.installation, await examined.installation()),
});
