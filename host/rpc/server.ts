// JSON-RPC over WebSocket and HTTP on one port: sockets and their bounds. dispatcher.ts handles the messages, access.ts
// says who may send them.
//
// Listens on 127.0.0.1 by default: any client may use the development keys' funds and make blocks.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { Failure } from '../bytes/index.js';
import { systemClock, type Clock } from '../node/index.js';
import { corsHeaders, DEFAULT_ORIGINS, isJson, preflightHeaders, refusal, type AccessRules } from './access.js';
import {
  Connection,
  DEFAULT_CONNECTION_LIMITS,
  type Client,
  type ConnectionLimits,
  type Registry,
} from './dispatcher.js';
import { errorObject, RpcError, TOO_LARGE } from './errors.js';
import { Following } from './following.js';
import { health } from './system.js';
import { networkOf } from './network.js';

/** Which methods are offered: all, the safe ones only, or all unless the server listens on every interface. */
export const RPC_METHODS = ['auto', 'safe', 'unsafe'] as const;
type RpcMethods = (typeof RPC_METHODS)[number];

/** The server's address, bounds and callbacks. */
export interface ServerOptions {
  /** 0 picks a free one. */
  port: number;
  /** Listen on every interface instead of 127.0.0.1. */
  external?: boolean;
  /** `auto` by default. */
  methods?: RpcMethods;
  /** The origins whose pages may use the server; by default DEFAULT_ORIGINS. */
  origins?: AccessRules['origins'];
  requestBytesMax?: number;
  connectionsMax?: number;
  limits?: Partial<ConnectionLimits>;
  /** The machine's by default. */
  clock?: Clock;
  /** Logs a fault of the node or the server. */
  onFault: (method: string, error: unknown) => void;
  /** Serves GET and HEAD requests. Returns whether it did. */
  onGet?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A listening server. */
export interface RpcServer {
  port: number;
  /** `ws://127.0.0.1:9944` */
  url: string;
  close(): Promise<void>;
}

/** The server can't listen on its port. */
export class PortUnavailable extends Failure {}

const REQUEST_BYTES_MAX = 15 << 20;
const CONNECTIONS_MAX = 256;
/** A client that does not read is disconnected at this many unsent bytes. */
const UNSENT_BYTES_MAX = 64 << 20;

/** So many that no other ping has the same. */
const PROBE_BYTES = 8;

const TEXT = 'text/plain; charset=utf-8';

const tooLarge = (max: number): string => {
  const error = new RpcError(TOO_LARGE, 'Request is too big', `Exceeded max limit of ${max}`);
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: errorObject(error) });
};

/** Pings the client, and calls back when its pong shows that it has received what was sent before. */
function probe(socket: WebSocket, received: () => void): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  const name = randomBytes(PROBE_BYTES);
  const onPong = (data: Buffer): void => {
    if (!name.equals(data)) return;
    socket.off('pong', onPong);
    received();
  };
  socket.on('pong', onPong);
  socket.ping(name);
}

function serveSocket(
  socket: WebSocket,
  client: Partial<Client>,
  registry: Registry,
  limits: ConnectionLimits,
  clock: Clock,
  onFault: ServerOptions['onFault'],
): void {
  const send = (message: string): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > UNSENT_BYTES_MAX) return socket.terminate();
    socket.send(message);
  };
  const following = new Following((received) => probe(socket, received), clock);
  const connection = new Connection(registry, limits, onFault, { push: send, following }, client);
  socket.on('message', (data: RawData) => {
    connection.handle(data.toString(), (reply) => {
      if (reply !== undefined) send(reply);
    });
  });
  socket.on('close', () => connection.close());
  // After a malformed frame or an oversized message, ws closes the connection with the matching code.
  socket.on('error', () => connection.close());
}

function addressOf(request: IncomingMessage): string {
  const { remoteAddress } = request.socket;
  return remoteAddress === undefined ? 'a closed connection' : networkOf(remoteAddress);
}

function respond(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

function servePost(
  request: IncomingMessage,
  response: ServerResponse,
  client: Partial<Client>,
  registry: Registry,
  max: number,
  limits: ConnectionLimits,
  onFault: ServerOptions['onFault'],
): void {
  const parts: Buffer[] = [];
  let size = 0;
  request.on('data', (part: Buffer) => {
    size += part.length;
    if (size > max) {
      request.removeAllListeners('data').resume();
      response.shouldKeepAlive = false;
      respond(response, 413, tooLarge(max));
      return;
    }
    parts.push(part);
  });
  request.on('end', () => {
    if (size > max) return;
    const connection = new Connection(registry, limits, onFault, undefined, client);
    connection.handle(Buffer.concat(parts).toString('utf8'), (reply) => {
      if (reply === undefined) response.writeHead(204).end();
      else respond(response, 200, reply);
    });
  });
  request.on('error', () => response.destroy());
}

/** Starts the server. Throws PortUnavailable. */
export async function startServer(registry: Registry, options: ServerOptions): Promise<RpcServer> {
  const limits = { ...DEFAULT_CONNECTION_LIMITS, ...options.limits };
  const max = options.requestBytesMax ?? REQUEST_BYTES_MAX;
  const clock = options.clock ?? systemClock;
  // Without a host, Node listens on every interface, including IPv6.
  const loopback = options.external !== true;
  const host = loopback ? '127.0.0.1' : undefined;
  const rules: AccessRules = { loopback, origins: options.origins ?? DEFAULT_ORIGINS };
  const methods = options.methods ?? 'auto';
  const unsafe = methods === 'unsafe' || (methods === 'auto' && loopback);
  const serveRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const refused = refusal(request.headers, rules);
    if (refused !== undefined) return respond(response, 403, `${refused}\n`, TEXT);
    for (const [name, value] of Object.entries(corsHeaders(request.headers, rules))) response.setHeader(name, value);
    if (request.method === 'OPTIONS' && request.headers.origin !== undefined) {
      response.writeHead(204, preflightHeaders(request.headers, rules)).end();
      return;
    }
    if (request.method === 'POST' && !isJson(request.headers)) {
      response.shouldKeepAlive = false;
      return respond(response, 415, 'A request must have the content type application/json.\n', TEXT);
    }
    if (request.method === 'POST') {
      // Each request has a connection of its own here, or could have: those from one address are one client.
      const client = { address: addressOf(request), connection: 'HTTP', unsafe };
      return servePost(request, response, client, registry, max, limits, options.onFault);
    }
    const path = request.method === 'GET' ? request.url?.split('?')[0] : undefined;
    if (path === '/health') return respond(response, 200, JSON.stringify(health()));
    // Substrate's node is ready once it has peers and is not syncing; this one needs neither.
    if (path === '/health/readiness') return respond(response, 200, '');
    if ((request.method === 'GET' || request.method === 'HEAD') && options.onGet?.(request, response) === true) return;
    response.setHeader('allow', 'POST, OPTIONS');
    const words = 'This is a JSON-RPC endpoint: POST a request to it, or open a WebSocket.\n';
    respond(response, 405, words, TEXT);
  };
  const http: Server = createServer((request, response) => {
    try {
      serveRequest(request, response);
    } catch (error) {
      // Nothing that a client sends may end the process.
      options.onFault('(an HTTP request)', error);
      response.destroy();
    }
  });
  http.maxConnections = 2 * (options.connectionsMax ?? CONNECTIONS_MAX);
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: max,
    perMessageDeflate: false,
    verifyClient: ({ req }, decide) => {
      const refused = refusal(req.headers, rules);
      if (refused === undefined) decide(true);
      else decide(false, 403, refused);
    },
    clientTracking: true,
  });
  sockets.on('connection', (socket, request) => {
    if (sockets.clients.size > (options.connectionsMax ?? CONNECTIONS_MAX))
      return socket.close(1013, 'too many connections');
    serveSocket(socket, { address: addressOf(request), unsafe }, registry, limits, clock, options.onFault);
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      const reason =
        error.code === 'EADDRINUSE'
          ? 'something else is listening there; pick another with --port'
          : error.code === 'EACCES'
            ? 'this user may not listen there; pick a port above 1023 with --port'
            : error.message;
      reject(new PortUnavailable(`port ${options.port} on ${host ?? 'all interfaces'} can't be used: ${reason}`));
    };
    // The socket server repeats the HTTP server's errors; without a listener they would end the process.
    sockets.on('error', () => undefined);
    http.once('error', refuse);
    http.listen(options.port, host, () => {
      http.off('error', refuse);
      http.on('error', (error) => options.onFault('(server)', error));
      resolve();
    });
  });
  const { port } = http.address() as AddressInfo;
  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
