// All host functions of a runtime, by imported name: those of polkadot-sdk (docs/decisions/0005-polkadot-sdk-host.md),
// and this project's machine.
import type { Family } from '../host.js';
import { machine } from '../machine.js';
import { allocator } from './allocator.js';
import { childStorage } from './child-storage.js';
import { crypto } from './crypto.js';
import { hashing } from './hashing.js';
import { keystore } from './keystore.js';
import { logging } from './logging.js';
import { misc } from './misc.js';
import { offchain } from './offchain.js';
import { proofSize } from './proof-size.js';
import { storage } from './storage.js';
import { trie } from './trie.js';

export const HOST_FUNCTIONS: ReadonlyMap<string, Family[string]> = new Map(
  [
    storage,
    childStorage,
    hashing,
    crypto,
    keystore,
    trie,
    allocator,
    logging,
    misc,
    offchain,
    proofSize,
    machine,
  ].flatMap(Object.entries),
);
