/** How long another service's copy of a directory object counts as fresh, and how long it serves while directory is away. Seconds. */
export const copyFreshFor = 60;
export const copyServesFor = 3_600;
