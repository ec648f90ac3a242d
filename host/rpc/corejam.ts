// corejam_*: submitting work packages and following them through their stages.
//
//   corejam_submitPackage(package, core?)   SCALE(EncodedWorkPackage) as hex, and optionally a core; returns the
//                                           package's hash once the package is on disk
//   corejam_packageStatus(hash)             the stages so far, or null if this node does not know the package
//   corejam_subscribePackage(hash)          the stages so far, then each new one; ends with the last stage
//
// A stage is an object of `stage`, `package` (the hash), `timeMs`, `block`, `core` (null before one is chosen) and the
// fields of that stage in host/validators/tracker.ts. Weights are decimal strings of picoseconds (they may exceed
// 2^53).
import { toHex } from '../bytes/index.js';
import { isLast, type Validators, type StageEvent } from '../validators/index.js';
import type { Json } from '../node/index.js';
import type { Method, Subscription } from './registry.js';
import { RpcError, TOO_MANY } from './errors.js';

/** The package was refused: the message has the reason as a sentence, the data its name. */
const PACKAGE_REFUSED = 7001;

/** The methods and subscriptions for packages, by full name. */
export function corejam(validators: Validators): {
  methods: Record<string, Method>;
  subscriptions: Record<string, Subscription>;
} {
  return {
    methods: {
      corejam_submitPackage: async (params, client) => {
        const core = params.has(1, 'core') ? params.u32(1, 'core') : undefined;
        const answer = await validators.submitWithOthers(params.bytes(0, 'package'), core, client);
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
        start: (params, sink, client) => {
          const hash = params.hash(0, 'hash');
          const listener = (event: StageEvent): void => {
            sink.send(stageJson(event));
            if (isLast(event)) sink.close();
          };
          const end = validators.tracker.subscribe(hash, listener, client, () => sink.close());
          if (end !== undefined) return end;
          const message = `Too many subscriptions to packages that this node does not know: submit ${toHex(hash)} first`;
          throw new RpcError(TOO_MANY, message);
        },
      },
    },
  };
}

/** A stage as JSON. */
function stageJson({ package: hash, core, ...rest }: StageEvent): Json {
  return { ...(plain(rest) as Record<string, Json>), package: toHex(hash), core: core ?? null };
}

/** A value as JSON: bigints as decimal strings, undefined as null. */
function plain(value: unknown): Json {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
