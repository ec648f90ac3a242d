// `corejam build-spec`: a chain spec on standard output, for other nodes and light clients.
import { chainSpecJson, rawChainSpec } from '../node/index.js';
import { chainSpecOf } from './chain.js';
import type { Command } from './command.js';

export const command: Command = {
  operands: '',
  options: {
    chain: { type: 'string', value: 'dev|local|FILE', default: 'dev', help: 'The chain.' },
    raw: { type: 'boolean', help: 'The storage of the first block itself, as light clients and other nodes read it.' },
  },
  async run(values) {
    const spec = chainSpecOf(values.chain as string);
    process.stdout.write(
      `${JSON.stringify(chainSpecJson(values.raw === true ? rawChainSpec(spec) : spec), null, 2)}\n`,
    );
  },
};
