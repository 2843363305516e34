import type { DeclaredClient } from '@signet/contracts';
import type { Mode, ServiceConfiguration } from '@signet/service';
import type { Fault } from '../../configuration/faults/fault.js';

/** What the deployment allows. */
export interface ClientRules {
  readonly mode: Mode;
  /** Origins that may be fetched from without https: SIGNET_OUTBOUND_ALLOW. */
  readonly outboundAllow: readonly string[];
}

export const clientRules = ({ mode, outbound }: ServiceConfiguration): ClientRules => ({
  mode,
  outboundAllow: outbound.allow,
});

/** What one check looks for in a client, whole. A fault's path is a member's name in TypeScript, and an index. */
export type ClientCheck = (client: DeclaredClient, rules: ClientRules) => readonly Fault[];

export const fault = (member: keyof DeclaredClient, message: string, ...below: (string | number)[]): Fault[] => [
  { path: [member, ...below], message },
];
