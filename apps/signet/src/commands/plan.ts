import type { Keyring } from '@signet/keys';
import { command, required, type CommandContext } from '../command.js';
import { loadSignetFile } from '../configuration/load.js';
import { planOf, type Prune, type ShownPlan } from '../configuration/plan.js';
import type { SignetFile } from '../configuration/schema.js';
import { linesOf } from '../configuration/show-plan.js';
import { keyringOf } from '../keyring-files.js';
import { asOperator } from '../operator.js';

/** As `terraform plan -detailed-exitcode` has it; 1 is for whatever went wrong. */
const changed = 2;

export interface PlannedFile {
  readonly file: SignetFile;
  readonly issuer: string;
  readonly keyring: Keyring;
  readonly prune: Prune | undefined;
  readonly plan: ShownPlan;
}

/** The file, and what applying it would change. */
export async function plannedFile(
  { config, prune: pruning }: { readonly config?: string | undefined; readonly prune?: boolean | undefined },
  context: CommandContext,
): Promise<PlannedFile> {
  const issuer = required(context, 'SIGNET_ISSUER', 'the base URL, issuer of the default tenant');
  const { file, lists } = await loadSignetFile(config, context.environment, issuer);
  const keyring = await keyringOf(context);
  const prune = pruning === true ? lists : undefined;
  const plan = await asOperator(context, (requester) => planOf(file, prune, { requester, keyring, issuer }));
  return { file, issuer, keyring, prune, plan };
}

export const plan = command({
  words: ['plan'],
  summary:
    'Shows what applying a signet.yaml would change, and changes nothing. Ends with 0 where that is nothing, 2 where something, 1 on an error.',
  usage: '[--config FILE] [--prune] [--json]',
  options: { config: { type: 'string' }, prune: { type: 'boolean' }, json: { type: 'boolean', default: false } },
  run: async ({ json, ...options }, context) => {
    const { plan: found } = await plannedFile(options, context);
    if (json) context.out(JSON.stringify(found));
    else for (const line of linesOf(found, { colour: context.colour ?? false })) context.out(line);
    return found.changes.length > 0 ? changed : 0;
  },
});
