import { sha256Text } from '@signet/keys';
import { claimedContentHash } from '@signet/protocol';
import { BoundedMap, type OutboundFetch } from '@signet/service';

/** RFC 9101 section 5.2.3, and the type that its forerunners were served as. */
const contentTypes = ['application/oauth-authz-req+jwt', 'application/jwt'];

/** Objects kept, and characters of one: what is longer is fetched each time. */
const [mostKept, longestKept] = [500, 16 * 1024];

/** Request objects that clients refer to. It does not check whether a client may refer to it, nor what it fetches. */
export class ReferencedObjects {
  readonly #kept = new BoundedMap<string, string>(mostKept);

  constructor(private readonly outbound: Pick<OutboundFetch, 'text'>) {}

  /**
   * What a request_uri leads to; undefined where there is nothing to be had. OpenID Connect Core 1.0 section 6.2: a fragment that is the
   * hash of the content says that it never changes, and so it is kept. One that is not is no reason to refuse the content, which may
   * have changed, but then it is fetched each time.
   */
  async read(requestUri: string): Promise<string | undefined> {
    const kept = this.#kept.get(requestUri);
    if (kept !== undefined) return kept;
    const fetched = await this.outbound.text(requestUri, contentTypes);
    if (!fetched.ok) return undefined;
    const content = fetched.body.trim();
    const claimed = claimedContentHash(requestUri);
    const unchanging = claimed !== undefined && claimed === sha256Text(fetched.body);
    if (unchanging && content.length <= longestKept) this.#kept.set(requestUri, content);
    return content;
  }
}
