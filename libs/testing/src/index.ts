export { FakeClock } from './fake-clock.js';
export { FakeRandom } from './fake-random.js';
export { aClient, anAccount, aTenant } from './builders.js';
export { schemaFaults, withoutContractions, type Contraction, type SchemaFault } from './compare-schema-forms.js';
export { Gate } from './gate.js';
export type { Mesh, MeshOptions, MeshProcess } from './mesh.js';
export { installRecordingRule, type RecordingRuleOptions, type UnrecordedChanges } from './recording-rule.js';
export { readWhole } from './read-whole.js';
export { rolePassword, runDatabase, serviceUrl, type RunDatabase } from './run-database.js';
export { readSchemaForm, type SchemaForm } from './schema-form.js';
export { startMesh } from './start-mesh.js';
export { suiteDatabase, type SuiteDatabase, type SuiteDatabaseOptions } from './suite-database.js';
export { suiteNats, type SuiteNats, type SuiteNatsOptions } from './suite-nats.js';
export {
  freePort,
  newAuthority,
  startNats,
  startPostgres,
  throwawayNats,
  throwawayPostgres,
  type Authority,
  type EmbeddedServer,
  type ThrowawayServer,
} from './embedded-servers.js';
export { LoopbackAwsKms } from './kms/loopback-aws-kms.js';
export { LoopbackGcpKms } from './kms/loopback-gcp-kms.js';
export { LoopbackVault } from './kms/loopback-vault.js';
