// `corejam build-spec`: prints a chain spec as JSON, for other nodes and light clients.
import { chainSpecJson, plainChainSpec, rawChainSpec } from '../node/index.js';
import { chainSpecOf } from './chain.js';
import type { Command } from './command.js';

export const command: Command = {
  operands: '',
  options: {
    chain: { type: 'string', value: 'dev|local|scale|FILE', default: 'dev', help: 'The chain.' },
    raw: { type: 'boolean', help: 'With the genesis as plain storage, which light clients and other nodes read.' },
  },
  async run(values) {
    const spec = chainSpecOf(values.chain as string);
    // Built in either case: a genesis that its runtime refuses is not printed.
    const raw = rawChainSpec(spec);
    process.stdout.write(
      `${JSON.stringify(chainSpecJson(values.raw === true ? raw : plainChainSpec(spec)), null, 2)}\n`,
    );
  },
};
