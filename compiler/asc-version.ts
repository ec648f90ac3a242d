// The version of asc that this compiler is written against, apart from asc itself, so that the cache need not load it.

/** Pinned in package.json; another version is refused. */
export const ASC_VERSION = '0.28.20';
