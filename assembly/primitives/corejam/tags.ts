// Texts that keys and signed messages begin with. Not part of index.ts, since guests have no use for them.

/** D14: begins what a validator signs about its shards. */
export const BITFIELD_TAG: string = 'CJ-BITS';
/** D24: begins the account of a class. */
export const CLASS_ACCOUNT_PREFIX: string = 'modlwrkclass';
/** D25: begins the name of a class's child trie. */
export const CLASS_TRIE_PREFIX: string = 'corejam/class/';
