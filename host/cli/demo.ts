// `corejam demo`: starts a chain in a child process, takes work packages through every stage and prints each stage.
import { setTimeout as sleep } from 'node:timers/promises';
import { startChildNode } from './child-node.js';
import { connect } from './demo/client.js';
import { elementsOf, ownDocuments } from './demo/elements.js';
import { runDemo } from './demo/index.js';
import type { Command } from './command.js';
import { bold, CliError, dim, size } from './terminal.js';

/** How long the exit of a node whose connection ended may take to be reported. */
const EXIT_MS_MAX = 5_000;

export const command: Command = {
  operands: '[FILE...]',
  options: {
    keep: { type: 'boolean', help: 'Keep the chain running at the end, until Ctrl-C.' },
    port: {
      type: 'string',
      value: 'PORT',
      default: '0',
      help: 'The port on which the chain listens; 0 picks a free one.',
    },
  },
  notes:
    'Each FILE becomes an element of the Work Class "ordering". Without a FILE, the documents of this repository do.',
  async run(values, operands) {
    const elements = elementsOf(operands.length > 0 ? operands : ownDocuments());
    const node = await startChildNode(['--tmp', '--port', values.port as string, '--log', 'warn']);
    const interrupted = new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
    const api = await connect(node.url);
    try {
      console.log(
        `${bold((await api.rpc.system.chain()).toString())} listens on ${node.url}; ${dim(
          `${elements.length} files, ` + `${size(elements.reduce((sum, { data }) => sum + data.length, 0))}`,
        )}\n`,
      );
      const died = node.ended.then(() => {
        throw new CliError(`the node exited: ${node.lastWords()}`);
      });
      const demo = runDemo(api, elements).catch(async (error: unknown) => {
        // The connection of a node that was killed ends before the system reports its exit.
        if (!api.isConnected) await Promise.race([died, sleep(EXIT_MS_MAX)]);
        throw error;
      });
      const done = await Promise.race([demo.then(() => true), interrupted.then(() => false), died]);
      if (done && values.keep === true) {
        console.log(`\nThe chain keeps running at ${bold(node.url)}; Ctrl-C ends it.`);
        await Promise.race([interrupted, node.ended]);
      }
    } finally {
      await api.disconnect();
      await node.stop();
    }
  },
};
