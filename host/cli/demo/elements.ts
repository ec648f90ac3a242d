// Files as elements of the Work Class "ordering", and proofs that they are in the chain's state.
import type { ApiPromise } from '@polkadot/api';
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blake2_256, equal, fromHex, text, toHex, utf8 } from '../../bytes/index.js';
import { MAX_WORK_PACKAGE_SIZE } from '../../contract/index.js';
import { classKey, classTrie, decodeElement, type Element, elementKey } from '../../incore/index.js';
import { childRootKey } from '../../state/index.js';
import { verifyProof } from '../../trie/index.js';
import { readInput } from '../files.js';
import { CliError, size } from '../terminal.js';

const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
const NAMESPACE = utf8('documents');
/** The size of a package, less room for all but its payloads. */
const ELEMENT_BYTES_MAX = MAX_WORK_PACKAGE_SIZE - 16 * 1024;

/** The documents of this repository, which the demo packages by default. */
export function ownDocuments(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(repository, folder))
      .map((name) => join(repository, folder, name))
      .filter((path) => statSync(path).isFile());
  return [...below('.').filter((path) => path.endsWith('.md')), ...below('docs'), ...below('docs/decisions')];
}

/** Each file as an element: its key is its path within the repository, or else its name. Throws CliError. */
export function elementsOf(paths: readonly string[]): Element[] {
  const elements = paths.map((path) => {
    const inside = relative(repository, path);
    const data = readInput(path);
    if (data.length > ELEMENT_BYTES_MAX) {
      throw new CliError(
        `${path} has ${size(data.length)}; a package holds 5 MiB, so a file may have ${size(ELEMENT_BYTES_MAX)}`,
      );
    }
    return { namespace: NAMESPACE, key: utf8(inside.startsWith('..') ? basename(path) : inside), data };
  });
  const names = new Set(elements.map(({ key }) => toHex(key)));
  if (names.size < elements.length)
    throw new CliError('two of the files have the same name, and a key holds one element');
  return elements;
}

/** `Option<StorageData>` of the client library. */
interface MaybeBytes {
  isSome: boolean;
  unwrap(): { toHex(): string };
}

/** An element read back: its number in its namespace, its length, and how many trie nodes prove it. */
export interface ProvenElement {
  sequence: bigint;
  length: number;
  proofNodes: number;
}

/**
 * Reads an element through `childstate` RPC and verifies it: the child trie's root against the block's state root, the
 * element against the child trie's root, and the file against the element's hash. Throws CliError.
 */
export async function readBack(
  api: ApiPromise,
  classId: number,
  element: Element,
  blockHash: string,
): Promise<ProvenElement> {
  const key = classKey(elementKey(element.namespace, element.key));
  const child = toHex(childRootKey(classTrie(classId)));
  const stored = (await api.rpc.childstate.getStorage(child, toHex(key), blockHash)) as unknown as MaybeBytes;
  const { stateRoot } = await api.rpc.chain.getHeader(blockHash);
  const top = await api.rpc.state.getReadProof([child], blockHash);
  const bottom = await api.rpc.state.getChildReadProof(child, [toHex(key)], blockHash);
  const childRoot = verifyProof(
    stateRoot.toU8a(),
    top.proof.map((node) => node.toU8a(true)),
    fromHex(child),
  );
  if (childRoot === undefined) throw new CliError('the proof says that the class has no trie');
  const proven = verifyProof(
    childRoot,
    bottom.proof.map((node) => node.toU8a(true)),
    key,
  );
  if (proven === undefined || !stored.isSome) throw new CliError(`${text(element.key)} is not in the class's trie`);
  if (toHex(proven) !== stored.unwrap().toHex()) throw new CliError('childstate RPC and the Merkle proof disagree');
  const { sequence, hash, length } = decodeElement(proven);
  if (!equal(hash, blake2_256(element.data))) throw new CliError('the stored hash is not that of the file');
  return { sequence, length, proofNodes: top.proof.length + bottom.proof.length };
}
