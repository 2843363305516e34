import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newKeyring } from './keyring.js';
import { isWrapped, unwrapKeyring, wrapKeyring, wrappedKeyringSchema, type KeyManagement } from './wrapped-keyring.js';

/** Gives a handle in place of each data key, as a KMS gives a ciphertext. */
class HeldDataKeys implements KeyManagement {
  readonly held = new Map<string, Uint8Array>();

  wrap(dataKey: Uint8Array): Promise<string> {
    const handle = `handle-${this.held.size}`;
    this.held.set(handle, Uint8Array.from(dataKey));
    return Promise.resolve(handle);
  }
  unwrap(wrapped: string): Promise<Uint8Array> {
    const dataKey = this.held.get(wrapped);
    return dataKey ? Promise.resolve(Uint8Array.from(dataKey)) : Promise.reject(new Error('foreign'));
  }
}

describe('a wrapped keyring', () => {
  const keyring = newKeyring();

  it('shows nothing of the keyring, and opens by whoever wrapped its data key', async () => {
    const management = new HeldDataKeys();
    const wrapped = await wrapKeyring(keyring, 'vault:transit/signet', management);
    expect(wrappedKeyringSchema.parse(JSON.parse(JSON.stringify(wrapped)))).toEqual(wrapped);
    expect([isWrapped(wrapped), isWrapped(keyring), isWrapped(null), isWrapped('wrapped_by')]).toEqual([
      ...[true, false, false, false],
    ]);
    for (const { id, key } of keyring.keys) {
      expect(JSON.stringify(wrapped)).not.toContain(key);
      expect(Buffer.from(wrapped.ciphertext, 'base64url').includes(id)).toBe(false);
    }
    expect(await unwrapKeyring(wrapped, management)).toEqual(keyring);
  });

  it('has a data key and a nonce of its own each time', async () => {
    const management = new HeldDataKeys();
    const [one, two] = [await wrapKeyring(keyring, 'k', management), await wrapKeyring(keyring, 'k', management)];
    const [first, second] = [...management.held.values()];
    expect(Buffer.from(first ?? []).equals(second ?? Buffer.alloc(0))).toBe(false);
    expect(one.ciphertext.slice(0, 16)).not.toBe(two.ciphertext.slice(0, 16));
  });

  it.each(['ciphertext', 'wrapped_by', 'data_key'] as const)('does not open with a changed %s', async (member) => {
    const management = new HeldDataKeys();
    const wrapped = await wrapKeyring(keyring, 'k', management);
    // Of the same KMS, so that nothing but the file can tell.
    const other = await wrapKeyring(newKeyring(), 'other', management);
    const asked = unwrapKeyring({ ...wrapped, [member]: other[member] }, management);
    await expect(asked).rejects.toThrow('was changed after it was wrapped');
  });

  it('does not open by a data key of another length, or one bit away', async () => {
    const management = new HeldDataKeys();
    const wrapped = await wrapKeyring(keyring, 'k', management);
    const bits = Buffer.from(wrapped.ciphertext, 'base64url');
    bits[bits.length - 1] = (bits.at(-1) ?? 0) ^ 1;
    const changed = { ...wrapped, ciphertext: bits.toString('base64url') };
    await expect(unwrapKeyring(changed, management)).rejects.toThrow('was changed');
    management.held.set(wrapped.data_key, randomBytes(16));
    await expect(unwrapKeyring(wrapped, management)).rejects.toThrow('was changed');
  });

  it.each([
    ['an unknown member', { extra: 1 }],
    ['another format', { format: 'signet-keyring-2' }],
    ['no base64url', { ciphertext: 'a+b/' }],
    ['next to nothing', { ciphertext: 'AAAA' }],
    ['a data key with spaces', { data_key: 'a b' }],
    ['no name', { wrapped_by: '' }],
  ])('is none with %s', async (_what, change) => {
    const wrapped = await wrapKeyring(keyring, 'k', new HeldDataKeys());
    expect(wrappedKeyringSchema.safeParse(wrapped).success).toBe(true);
    expect(wrappedKeyringSchema.safeParse({ ...wrapped, ...change }).success).toBe(false);
  });
});
