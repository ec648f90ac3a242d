// The version of asc that this compiler supports. In a file of its own, so that the cache need not load asc.

/** Pinned in package.json; another version is refused. */
export const ASC_VERSION = '0.28.20';
