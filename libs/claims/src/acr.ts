/** Authentication by a password alone; OpenID Connect Core 1.0 section 2 leaves the value to us. */
export const PASSWORD_ACR = 'urn:signet:acr:password';

/** Every authentication context class that a person can reach here: `acr_values_supported`. */
export const acrValues: readonly string[] = [PASSWORD_ACR];
