// RPC latency while a guest runs: how long requests take while a child process runs a guest that uses up its 2 s of
// weight in about as much time, compared with no guest.
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, devAccount, idFrom, send } from '../host/cli/demo/client.js';
import { deploy } from '../host/cli/demo/deploy.js';
import { blake2_256, fromHex, toHex } from '../host/bytes/index.js';
import { buildPackage, signPackage } from '../host/incore/index.js';
import { guest } from './incore.js';
import { Rpc, startNode } from './process.js';

/** Between two requests, so that they do not queue. */
const PAUSE_MS = 5;
const IDLE_MS = 2_000;
const REQUIREMENTS = { prune: 2_000_000_000n, accumulate: 2_000_000_000n };
const ENDS = ['attested', 'refused'];

/**
 * Loads, each of the address that the last one read, in an order that no cache foresees, without end. Most instructions
 * take a fraction of the time that their weight says; over CHASED_BYTES, these take about as long.
 */
const CHASED_BYTES = 1 << 19;
const SPINNING = `(module
  (memory (export "memory") 9) (global (export "__heap_base") i32 (i32.const ${65_536 + CHASED_BYTES}))
  (func (export "refine") (param $p i32) (param $n i32) (result i64) (local $i i32)
    (loop $fill
      (i32.store offset=65536 (i32.mul (local.get $i) (i32.const 4)) (i32.mul (i32.const 4)
        (i32.and (i32.const ${CHASED_BYTES / 4 - 1})
          (i32.add (i32.const 1013904223) (i32.mul (local.get $i) (i32.const 1664525))))))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${CHASED_BYTES / 4}))))
    (loop $chase (local.set $p (i32.load offset=65536 (i32.and (local.get $p) (i32.const ${CHASED_BYTES - 4})))) (br $chase))
    (i64.const 0))
  (func (export "prune") (export "accumulate") (param i32 i32) (result i64) unreachable))`;

/** What `rpcLatencyRun` measured, in milliseconds. */
export interface RpcLatencyRun {
  /** Of each request while a guest ran, and while none did. */
  busy: number[];
  idle: number[];
  /** How long each guest ran. */
  guests: number[];
}

/** Makes one request after another until `stop`, and returns how long each took. */
async function askUntil(rpc: Rpc, stop: Promise<unknown>): Promise<number[]> {
  let stopped = false;
  const stopping = stop.finally(() => {
    stopped = true;
  });
  const samples: number[] = [];
  for (let index = 0; !stopped; index++) {
    const started = performance.now();
    // What costs the node next to nothing, and a call into the runtime, by turns.
    await (index % 2 === 0 ? rpc.call('chain_getHeader') : rpc.call('state_call', ['Core_version', '0x']));
    samples.push(performance.now() - started);
    await sleep(PAUSE_MS);
  }
  await stopping;
  return samples;
}

/** Latencies through `runs` packages, each of one item whose guest never ends by itself. */
export async function rpcLatencyRun(runs: number): Promise<RpcLatencyRun> {
  const node = await startNode(['--log', 'error']);
  const api = await connect(node.url);
  const [rpc, asking] = [await Rpc.connect(node.url), await Rpc.connect(node.url)];
  try {
    const [root, owner] = [devAccount('//Alice'), devAccount('//Bob')];
    await deploy(api, root, owner, () => undefined);
    const code = await guest(SPINNING);
    await send(api, api.tx.storage!.store!(toHex(code)), root);
    const register = api.tx.workClasses!.register!(toHex(blake2_256(code)), REQUIREMENTS);
    const classed = await send(api, api.tx.sudo!.sudo!(register), root);
    const classId = idFrom(classed, 'workClasses', 'Registered');
    const idle = await askUntil(asking, sleep(IDLE_MS));
    const busy: number[] = [];
    const guests: number[] = [];
    for (let round = 0; round < runs; round++) {
      const context = fromHex((await api.rpc.chain.getBlockHash()).toHex());
      const unsigned = buildPackage([{ class: classId, payload: Uint8Array.of(round) }], context);
      const signed = signPackage(unsigned, { publicKey: owner.publicKey, sign: (message) => owner.sign(message) });
      const hash = await rpc.call<string>('corejam_submitPackage', [toHex(signed.encoded)]);
      let authorized!: () => void;
      let ended!: (stage: string) => void;
      const started = new Promise<void>((resolve) => {
        authorized = resolve;
      });
      const finished = new Promise<string>((resolve) => {
        ended = resolve;
      });
      rpc.onNotification((notification) => {
        const { stage } = notification as { stage: string };
        if (stage === 'authorized') authorized();
        else if (ENDS.includes(stage)) ended(stage);
      });
      await rpc.call('corejam_subscribePackage', [hash]);
      await started;
      const began = performance.now();
      busy.push(...(await askUntil(asking, finished)));
      guests.push(performance.now() - began);
      const stage = await finished;
      if (stage !== 'attested') throw new Error(`the package with the guest that spins ended as ${stage}`);
    }
    return { busy, idle, guests };
  } finally {
    rpc.close();
    asking.close();
    await api.disconnect();
    await node.stop();
  }
}
