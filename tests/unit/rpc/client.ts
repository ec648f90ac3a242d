// A node with the fake runtime, its RPC server, and a minimal client, for the tests of this folder.
import { WebSocket } from 'ws';
import type { ManualClock, Node, NodeOptions } from '../../../host/node/index.js';
import { createRegistry, startServer, type RpcServer, type ServerOptions } from '../../../host/rpc/index.js';
import type { Extra, LongCalls } from '../../../host/rpc/index.js';
import type { Client } from '../../../host/rpc/registry.js';
import { fakeSpec } from '../node/fake-runtime.js';
import { startNode } from '../node/open-node.js';

export interface Answer {
  id?: unknown;
  result?: unknown;
  error?: { code: number; message: string; data?: string };
  method?: string;
  params?: { subscription: string; result: unknown };
}

/** JSON-RPC over one WebSocket. */
export class TestClient {
  readonly messages: Answer[] = [];
  readonly #waiting: (() => void)[] = [];
  #next = 1000;

  protected constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString('utf8')) as Answer);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async connect(url: string): Promise<TestClient> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new TestClient(socket);
  }

  /** The first message for which `fits` is true, once it has arrived. */
  async until(fits: (message: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async send(text: string): Promise<Answer> {
    const seen = this.messages.length;
    this.socket.send(text);
    while (this.messages.length === seen) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.messages[seen]!;
  }

  call(method: string, params: unknown = []): Promise<Answer> {
    const id = this.#next++;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return this.until((message) => message.id === id);
  }

  /** The results of a subscription so far. */
  results(subscription: unknown): unknown[] {
    return this.messages
      .filter(({ params }) => params?.subscription === subscription)
      .map(({ params }) => params!.result);
  }

  async close(): Promise<void> {
    this.socket.close();
    await new Promise((resolve) => this.socket.once('close', resolve));
  }
}

/** Posts a body as JSON. Returns the status, and the body of the answer from its JSON. */
export async function post(
  port: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<[number, unknown]> {
  const response = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text)];
}

export interface Served {
  node: Node;
  clock: ManualClock;
  server: RpcServer;
  client: TestClient;
  faults: string[];
  close(): Promise<void>;
}

/**
 * Serves a node with the fake runtime on a free port, with one client connected. `genesis` replaces the member of this name
 * of the chain spec.
 */
export async function serve(
  { genesis, ...options }: Partial<NodeOptions> & { genesis?: Record<string, unknown> } = {},
  server: Partial<ServerOptions> = {},
  extra: Extra = {},
  longCalls?: LongCalls,
): Promise<Served> {
  const { node, clock } = startNode({ spec: fakeSpec(genesis === undefined ? {} : { genesis }), ...options });
  const faults: string[] = [];
  const registry = createRegistry(node, { name: 'Test', version: '1.2.3' }, extra, longCalls);
  const listening = await startServer(registry, {
    port: 0,
    onFault: (method, error) => faults.push(`${method}: ${String(error)}`),
    ...server,
  });
  const client = await TestClient.connect(listening.url);
  return {
    node,
    clock,
    server: listening,
    client,
    faults,
    close: async () => {
      client.socket.terminate();
      await listening.close();
      await node.close();
    },
  };
}

/** A client that calls methods without a connection. */
export function localClient(change: Partial<Client> = {}): Client {
  const nothing = (): void => undefined;
  const parts = { unsafe: true, answerBytesMax: 1 << 20, gather: nothing, away: () => nothing, gone: false };
  return { address: 'test', connection: 'test', ...parts, ...change };
}
