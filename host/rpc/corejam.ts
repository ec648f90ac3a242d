// corejam_*: packages into the network, and their stages out of it.
//
// Registered beside the other namespaces (see index.ts), because a node can run without a network.
// A stage is told as the network's tracker has it: hashes in hex, weights as decimal strings of picoseconds.
import { toHex } from '../bytes/index.js';
import { isRefusal } from '../incore/index.js';
import { isLast, type Network, type StageEvent } from '../network/index.js';
import { invalidParams, RpcError } from './errors.js';
import type { Extra } from './index.js';
import type { Json, Params } from './params.js';

/** A package that was not taken; the message is the sentence, the data its tag. */
const PACKAGE_REFUSED = 9001;

/** A value out of the tracker as JSON: byte strings as hex, bigints as decimal strings. */
function plain(value: unknown): Json {
  if (typeof value === 'bigint') return value.toString();
  if (ArrayBuffer.isView(value)) return toHex(value as Uint8Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined).map(([name, item]) => [name, plain(item)]));
  }
  return value as Json;
}

const stageJson = (event: StageEvent): Json => plain(event);

function coreOf(params: Params, index: number): number | undefined {
  if (!params.has(index)) return undefined;
  const core = params.u32(index, 'core');
  if (core > 0xffff) throw invalidParams('core must be a whole number from 0 to 65535');
  return core;
}

/** The methods and subscriptions of a network. */
export function corejam(network: Network): Extra {
  return {
    methods: {
      /** (encoded: hex, core?: number) -> the package's hash; its stages follow by subscription. */
      corejam_submitPackage: (params) => {
        const submitted = network.submit(params.bytes(0, 'encoded'), coreOf(params, 1));
        if (isRefusal(submitted)) throw new RpcError(PACKAGE_REFUSED, `The package is refused: ${submitted.message}`, submitted.refused);
        return toHex(submitted.hash);
      },
      /** (hash) -> the stages so far, or null for a package that this node does not know. */
      corejam_packageStages: (params) => network.tracker.story(params.hash(0, 'hash'))?.map(stageJson) ?? null,
    },
    subscriptions: {
      /** (hash): the stages so far, and each one to come until the last. */
      corejam_subscribePackage: {
        notification: 'corejam_package',
        unsubscribe: ['corejam_unsubscribePackage'],
        start: (params, sink) => network.tracker.subscribe(params.hash(0, 'hash'), (event) => {
          sink.send(stageJson(event));
          if (isLast(event)) sink.close();
        }),
      },
      /** Every stage of every package from now on. */
      corejam_subscribePackages: {
        notification: 'corejam_packages',
        unsubscribe: ['corejam_unsubscribePackages'],
        start: (_params, sink) => network.tracker.subscribeAll((event) => sink.send(stageJson(event))),
      },
    },
  };
}
