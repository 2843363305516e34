/** Paths of PEM files in the directory, made if they are not there: an authority, and a certificate of it for this machine. */
export function developmentTls(
  directory: string,
): Promise<{ readonly ca: string; readonly cert: string; readonly key: string }>;
