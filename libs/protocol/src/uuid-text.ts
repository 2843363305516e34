const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** 16 bytes in 22 characters; the last of them carries two bits, so only four letters are canonical there. */
const UUID_TEXT = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** The short form of a UUID inside codes and tokens: its 16 bytes in base64url. Throws for what is no UUID: a bug. */
export const uuidToText = (uuid: string): string => {
  if (!UUID.test(uuid)) throw new TypeError('not a lower-case UUID');
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');
};

/** The UUID of a short form, or undefined where it is not the one canonical text of 16 bytes. */
export const uuidFromText = (text: string): string | undefined => {
  if (!UUID_TEXT.test(text)) return undefined;
  const hex = Buffer.from(text, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
