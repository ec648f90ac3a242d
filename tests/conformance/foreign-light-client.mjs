// Reads a raw chain spec from standard input, passes it to the light client smoldot, and prints the genesis hash that
// it computes. It is a separate process, because a timer of a terminated smoldot keeps its process alive.
import { readFileSync } from 'node:fs';
import { start } from 'smoldot';

const client = start({ maxLogLevel: 1, logCallback: (_level, _target, message) => console.error(message) });
const chain = await client.addChain({ chainSpec: readFileSync(0, 'utf8') });
chain.sendJsonRpc(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chainSpec_v1_genesisHash', params: [] }));
const { result } = JSON.parse(await chain.nextJsonRpcResponse());
process.stdout.write(`${result}\n`, () => process.exit(0));
