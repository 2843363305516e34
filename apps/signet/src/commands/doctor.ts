import { command } from '../command.js';
import { checks } from '../doctor/checks.js';
import { Examined } from '../doctor/examined.js';
import { runChecks } from '../doctor/run-checks.js';
import { linesOf, summaryOf } from '../doctor/show-findings.js';

export const doctor = command({
  words: ['doctor'],
  summary:
    'Looks at settings, keyring, databases, NATS, certificates, issuer and proxy with the environment of the services, and says what to mend. Changes nothing. Exit code 1: there is a fault.',
  usage: '[--json]',
  options: { json: { type: 'boolean', default: false } },
  run: async ({ json }, { environment, out, colour = false }): Promise<number> => {
    const findings = await runChecks(checks, new Examined(environment));
    if (json) out(JSON.stringify({ summary: summaryOf(findings), findings }, undefined, 2));
    else for (const line of linesOf(findings, { colour })) out(line);
    return findings.some(({ state }) => state === 'fault') ? 1 : 0;
  },
});
