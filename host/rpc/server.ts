// JSON-RPC over WebSocket and HTTP on one port. access.ts says who may send requests, admission.ts which connections are
// kept, and sockets.ts and posts.ts serve them. What all of them hold together is bounded (budget.ts), and their work
// takes turns (turns.ts). dispatcher.ts handles the messages.
//
// Listens on 127.0.0.1 by default: any client may use the development keys' funds and make blocks.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { Failure } from '../bytes/index.js';
import { systemClock, type Clock } from '../node/index.js';
import { corsHeaders, DEFAULT_ORIGINS, isJson, preflightHeaders, refusal, type AccessRules } from './access.js';
import {
  Admission,
  DEFAULT_BOUNDS,
  HEADERS_MS_MAX,
  REQUEST_MS_MAX,
  type ConnectionBounds,
  type Visitor,
} from './admission.js';
import { Budget, BUDGET_BYTES_MAX } from './budget.js';
import { DEFAULT_CONNECTION_LIMITS, type ConnectionLimits } from './dispatcher.js';
import { networkOf } from './network.js';
import { ANSWER_PLACES, MESSAGE_PLACES, Places } from './places.js';
import { Posters, respond } from './posts.js';
import type { Registry } from './registry.js';
import { Chunks } from './sending.js';
import { SocketPeer, type Serving } from './sockets.js';
import { health } from './system.js';
import { Turns } from './turns.js';

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
  bounds?: Partial<ConnectionBounds>;
  /** The most bytes that all connections hold together. */
  budgetBytesMax?: number;
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
const KEEP_ALIVE_MS = 5_000;
/** How often the HTTP server looks for requests that are late. */
const CHECK_MS = 2_000;

const TEXT = 'text/plain; charset=utf-8';

function addressOf({ remoteAddress }: Socket): string {
  return remoteAddress === undefined ? 'a closed connection' : networkOf(remoteAddress);
}

/** Starts the server. Throws PortUnavailable. */
export async function startServer(registry: Registry, options: ServerOptions): Promise<RpcServer> {
  const clock = options.clock ?? systemClock;
  const { onFault } = options;
  const budget = new Budget(options.budgetBytesMax ?? BUDGET_BYTES_MAX, () => clock.nowMs());
  const hasRoom = (): boolean => budget.hasRoom;
  const serving: Serving = {
    registry,
    limits: { ...DEFAULT_CONNECTION_LIMITS, ...options.limits },
    turns: new Turns(),
    budget,
    answers: new Places(clock, ANSWER_PLACES, hasRoom),
    messages: new Places(clock, MESSAGE_PLACES, hasRoom),
    chunks: new Chunks(),
    clock,
    onFault,
  };
  const max = options.requestBytesMax ?? REQUEST_BYTES_MAX;
  // Without a host, Node listens on every interface, including IPv6.
  const loopback = options.external !== true;
  const host = loopback ? '127.0.0.1' : undefined;
  const rules: AccessRules = { loopback, origins: options.origins ?? DEFAULT_ORIGINS };
  const methods = options.methods ?? 'auto';
  const unsafe = methods === 'unsafe' || (methods === 'auto' && loopback);
  const posters = new Posters(serving);
  const serveRequest = (request: IncomingMessage, response: ServerResponse, visitor: Visitor): void => {
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
      const client = { address: visitor.address, connection: 'HTTP', unsafe };
      return posters.serve(request, response, visitor, client, max);
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
  const times = {
    headersTimeout: HEADERS_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
  };
  const visitors = new WeakMap<Socket, Visitor>();
  const http: Server = createServer(times, (request, response) => {
    try {
      const visitor = visitors.get(request.socket);
      if (visitor === undefined) return void request.socket.destroy();
      visitor.isOpen = true;
      visitor.usefulMs = clock.nowMs();
      serveRequest(request, response, visitor);
    } catch (error) {
      // Nothing that a client sends may end the process.
      onFault('(an HTTP request)', error);
      response.destroy();
    }
  });
  const admission = new Admission({ ...DEFAULT_BOUNDS, ...options.bounds }, clock);
  http.on('connection', (socket: Socket) => {
    const visitor = admission.admit(addressOf(socket), () => socket.destroy());
    if (visitor === undefined) return void socket.destroy();
    visitors.set(socket, visitor);
    socket.on('close', () => admission.leave(visitor));
  });
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
    const visitor = visitors.get(request.socket);
    if (visitor === undefined || !admission.upgrade(visitor)) return socket.close(1013, 'too many connections');
    const client = { address: visitor.address, unsafe };
    new SocketPeer(serving, socket, request.socket, visitor, client);
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      admission.close();
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
      http.on('error', (error) => onFault('(server)', error));
      resolve();
    });
  });
  const { port } = http.address() as AddressInfo;
  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    close: async () => {
      admission.close();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
