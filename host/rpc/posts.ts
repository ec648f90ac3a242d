// Requests over HTTP by POST. Those of one TCP connection share a line of turns.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Visitor } from './admission.js';
import type { Share } from './budget.js';
import { Connection } from './dispatcher.js';
import { errorObject, RpcError, TOO_LARGE } from './errors.js';
import type { Client } from './registry.js';
import { PARSED_FACTOR, type Serving } from './sockets.js';
import type { ClientLine } from './turns.js';

/** Requests of one TCP connection that may wait for their answers: pipelined ones. */
const PIPELINED_MAX = 64;

const tooLarge = (max: number): string => {
  const error = new RpcError(TOO_LARGE, 'Request is too big', `Exceeded max limit of ${max}`);
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: errorObject(error) });
};

/** Sends a whole response. */
export function respond(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** One TCP connection that sends requests. */
class Poster {
  readonly #serving: Serving;
  readonly #visitor: Visitor;
  readonly #line: ClientLine;
  readonly #share: Share;
  readonly #held = new Set<Posted>();

  constructor(serving: Serving, socket: Socket, visitor: Visitor) {
    this.#serving = serving;
    this.#visitor = visitor;
    this.#line = serving.turns.line();
    this.#share = serving.budget.open(
      () => [...this.#held].reduce((sum, { bytes }) => sum + bytes, socket.writableLength),
      () => socket.destroy(),
    );
    socket.on('close', () => {
      this.#line.close();
      this.#share.close();
    });
  }

  serve(request: IncomingMessage, response: ServerResponse, client: Partial<Client>, max: number): void {
    const { registry, limits, onFault, clock } = this.#serving;
    const posted = new Posted(() => this.#share.update());
    this.#held.add(posted);
    if (this.#held.size > PIPELINED_MAX) return void request.socket.destroy();
    this.#visitor.requests = this.#held.size;
    this.#visitor.unfinishedSinceMs ??= clock.nowMs();
    response.on('close', () => {
      this.#held.delete(posted);
      this.#visitor.requests = this.#held.size;
      this.#visitor.unfinishedSinceMs = this.#held.size === 0 ? undefined : clock.nowMs();
      this.#visitor.usefulMs = clock.nowMs();
      this.#share.update();
    });
    request.on('data', (part: Buffer) => {
      if (posted.take(part) <= max) return;
      posted.drop();
      request.removeAllListeners('data').removeAllListeners('end').resume();
      response.shouldKeepAlive = false;
      respond(response, 413, tooLarge(max));
    });
    request.on('end', () => {
      const connection = new Connection(registry, limits, onFault, { line: this.#line, client });
      posted.connection = connection;
      connection.handle(posted.body(), (reply) => {
        if (reply === undefined) response.writeHead(204).end();
        else respond(response, 200, reply);
        posted.drop();
      });
    });
    request.on('error', () => response.destroy());
  }
}

/** The body of a request until it is answered. */
class Posted {
  #parts: Buffer[] = [];
  #bytes = 0;
  connection: Connection | undefined;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get bytes(): number {
    return PARSED_FACTOR * this.#bytes + (this.connection?.bytes ?? 0);
  }

  /** Takes a part. Returns the bytes of all. */
  take(part: Buffer): number {
    this.#parts.push(part);
    this.#bytes += part.length;
    this.#onChange();
    return this.#bytes;
  }

  body(): Buffer {
    const body = Buffer.concat(this.#parts);
    this.#parts = [];
    return body;
  }

  drop(): void {
    this.#parts = [];
    this.#bytes = 0;
    this.#onChange();
  }
}

/** The connections that requests came from. */
export class Posters {
  readonly #serving: Serving;
  readonly #posters = new WeakMap<Socket, Poster>();

  constructor(serving: Serving) {
    this.#serving = serving;
  }

  serve(
    request: IncomingMessage,
    response: ServerResponse,
    visitor: Visitor,
    client: Partial<Client>,
    bytesMax: number,
  ): void {
    const { socket } = request;
    let poster = this.#posters.get(socket);
    if (poster === undefined) this.#posters.set(socket, (poster = new Poster(this.#serving, socket, visitor)));
    poster.serve(request, response, client, bytesMax);
  }
}
