// corejam_*: submitting work packages and following them through their stages.
//
//   corejam_submitPackage(package, core?)   SCALE(EncodedWorkPackage) as hex, and a core where only that one will do;
//                                           answers the package's hash, at once: what becomes of it is told as stages
//   corejam_packageStatus(hash)             the stages so far, or null for a package that this node does not know
//   corejam_subscribePackage(hash)          the stages so far, then each as it happens; ends with the last
//
// A stage is an object: `stage`, `package` (the hash), `timeMs`, `block`, `core` (null before one is chosen), and what
// host/validators/tracker.ts says of each stage. Weights are decimal strings of picoseconds (they may exceed 2^53).
import { toHex } from '../bytes/index.js';
import { isLast, type Validators, type StageEvent } from '../validators/index.js';
import type { Json } from '../node/index.js';
import type { Method, Subscription } from './dispatcher.js';
import { RpcError } from './errors.js';

/** The package was not taken: the message says why, the data is the reason's name. */
const PACKAGE_REFUSED = 7001;

/** The methods and subscriptions of the validators, by full name. */
export function corejam(validators: Validators): {
  methods: Record<string, Method>;
  subscriptions: Record<string, Subscription>;
} {
  return {
    methods: {
      corejam_submitPackage: (params) => {
        const answer = validators.submit(params.bytes(0, 'package'), params.has(1) ? params.u32(1, 'core') : undefined);
        if (!answer.ok) {
          throw new RpcError(PACKAGE_REFUSED, `Package refused: ${answer.error.message}`, answer.error.reason);
        }
        return toHex(answer.value);
      },
      corejam_packageStatus: (params) => validators.tracker.story(params.hash(0, 'hash'))?.map(stageJson) ?? null,
    },
    subscriptions: {
      corejam_subscribePackage: {
        notification: 'corejam_package',
        unsubscribe: ['corejam_unsubscribePackage'],
        start: (params, sink) =>
          validators.tracker.subscribe(params.hash(0, 'hash'), (event) => {
            sink.send(stageJson(event));
            if (isLast(event)) sink.close();
          }),
      },
    },
  };
}

/** A stage as clients read it. */
export function stageJson({ package: hash, core, ...rest }: StageEvent): Json {
  return { ...(plain(rest) as Record<string, Json>), package: toHex(hash), core: core ?? null };
}

/** Whatever it is, as JSON can say it: bigints as decimal strings. */
function plain(value: unknown): Json {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
