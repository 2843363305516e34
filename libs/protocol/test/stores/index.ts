export { describeAuthorizationCodeStore, type AuthorizationCodeBench } from './authorization-code-store.contract.js';
export { describeClientCredentialsStore, type ClientCredentialsBench } from './client-credentials-store.contract.js';
export { describeDeviceCodeStore, type DeviceCodeBench } from './device-code-store.contract.js';
export { describeRefreshFamilyStore, type RefreshFamilyBench } from './refresh-family-store.contract.js';
