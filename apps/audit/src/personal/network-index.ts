import { mac, type Keyring, type KeyringKey } from '@signet/keys';
import { networkPlace } from '@signet/service';

/** Bytes of a MAC that are kept: nobody collides by accident, and nobody gains by it. */
const kept = 16;

export interface NetworkMacs {
  readonly address: Uint8Array;
  readonly prefix: Uint8Array;
}

/**
 * What the log is asked for a network by: MACs of the address, and of its /24 or /48, of one tenant. An address is personal, so that no
 * entry holds it outside its personal part; and these go with the person.
 */
export class NetworkIndex {
  constructor(private readonly keyring: Keyring) {}

  /** Undefined where `ip` is no address. */
  macsOf(tenantId: string, ip: string): NetworkMacs | undefined {
    const place = networkPlace(ip);
    const key = this.keyring.current('network');
    return place && this.#macs(key, tenantId, place);
  }

  /** Of an address, or of a prefix as `macsOf` has it: under every key that the keyring has. Undefined for what is neither. */
  asked(
    tenantId: string,
    network: string,
  ): { readonly address?: readonly Uint8Array[]; readonly prefix: readonly Uint8Array[] } | undefined {
    const [ip = '', length] = network.split('/', 2);
    const place = networkPlace(ip);
    if (!place || (length !== undefined && place.prefix !== `${place.address}/${length}`)) return undefined;
    const macs = this.keyring.all('network').map((key) => this.#macs(key, tenantId, place));
    return {
      ...(length === undefined && { address: macs.map(({ address }) => address) }),
      prefix: macs.map(({ prefix }) => prefix),
    };
  }

  #macs({ id }: KeyringKey, tenantId: string, place: { address: string; prefix: string }): NetworkMacs {
    const of = (text: string) =>
      Buffer.from(mac(this.keyring, 'network', id, `${tenantId} ${text}`) ?? '', 'base64url').subarray(0, kept);
    return { address: of(place.address), prefix: of(place.prefix) };
  }
}
