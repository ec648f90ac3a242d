// Requests over HTTP by POST. Those of one TCP connection share a line of turns.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Visitor } from './admission.js';
import type { Share } from './budget.js';
import { Connection } from './dispatcher.js';
import { errorObject, RpcError, TOO_LARGE } from './errors.js';
import type { Client } from './registry.js';
import { LARGE_BYTES, type Place } from './places.js';
import { Sending } from './sending.js';
import { PARSED_FACTOR, restWhileAway, type Serving } from './sockets.js';
import type { Text } from './text.js';
import type { ClientLine } from './turns.js';

/** Requests of one TCP connection that may wait for their answers: pipelined ones. */
const PIPELINED_MAX = 64;

const tooLarge = (max: number): string => {
  const error = new RpcError(TOO_LARGE, 'Request is too big', `Exceeded max limit of ${max}`);
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: errorObject(error) });
};

const JSON_TYPE = 'application/json';

/** Sends a whole response. */
export function respond(response: ServerResponse, status: number, body: string, type = JSON_TYPE): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** One TCP connection that sends requests. */
class Poster {
  readonly #serving: Serving;
  readonly #visitor: Visitor;
  readonly #line: ClientLine;
  readonly #share: Share;
  /** For its answers, and for its messages. */
  readonly #place: Place;
  readonly #intake: Place;
  #request: IncomingMessage | undefined;
  readonly #socket: Socket;
  readonly #held = new Set<Posted>();

  constructor(serving: Serving, socket: Socket, visitor: Visitor) {
    this.#serving = serving;
    this.#visitor = visitor;
    this.#socket = socket;
    this.#line = serving.turns.line();
    this.#place = serving.answers.of({
      hold: () => this.#line.hold('place'),
      release: () => this.#line.release('place'),
      isIdle: () => socket.writableLength > 0,
    });
    this.#intake = serving.messages.of({
      hold: () => this.#request?.pause(),
      release: () => this.#request?.resume(),
      isIdle: () => this.#request !== undefined,
    });
    this.#share = serving.budget.open(
      () => [...this.#held].reduce((sum, { bytes }) => sum + bytes, socket.writableLength),
      () => socket.destroy(),
    );
    socket.on('close', () => {
      this.#line.close();
      this.#place.leave();
      this.#intake.leave();
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
      posted.drop();
      posted.connection?.close();
      this.#progress();
    });
    this.#request = request;
    request.on('data', (part: Buffer) => {
      const bytes = posted.take(part);
      if (bytes > LARGE_BYTES) this.#intake.need();
      if (bytes <= max) return;
      this.#request = undefined;
      posted.drop();
      request.removeAllListeners('data').removeAllListeners('end').resume();
      response.shouldKeepAlive = false;
      respond(response, 413, tooLarge(max));
    });
    request.on('end', () => {
      this.#request = undefined;
      const connection = new Connection(registry, limits, onFault, {
        line: this.#line,
        client,
        onGathered: () => this.#place.need(),
        onTask: () => this.#progress(),
        onAway: (calls) => restWhileAway(this.#line, calls),
      });
      posted.connection = connection;
      connection.handle(posted.body(), (reply) => {
        posted.drop();
        if (reply === undefined) response.writeHead(204).end();
        else posted.sending = this.#send(response, reply);
      });
    });
    request.on('error', () => response.destroy());
  }

  #send(response: ServerResponse, text: Text): Sending {
    const write = (chunk: Buffer, isLast: boolean, taken: () => void): void => {
      response.write(chunk, taken);
      if (isLast) response.end();
    };
    response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': text.bytes });
    const sending = new Sending(this.#serving.chunks, write, () => this.#progress());
    sending.push(text);
    return sending;
  }

  /** Something was sent, or a task is done. */
  #progress(): void {
    let bytes = this.#socket.writableLength;
    for (const { answerBytes } of this.#held) bytes += answerBytes;
    if (bytes <= LARGE_BYTES) this.#place.leave();
    let received = 0;
    for (const posted of this.#held) received += posted.received;
    if (received <= LARGE_BYTES) this.#intake.leave();
    this.#share.update();
  }
}

/** The body of a request until it is answered. */
class Posted {
  #parts: Buffer[] = [];
  #bytes = 0;
  connection: Connection | undefined;
  sending: Sending | undefined;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get bytes(): number {
    return PARSED_FACTOR * this.#bytes + (this.connection?.bytes ?? 0) + (this.sending?.bytes ?? 0);
  }

  /** Bytes of it that are not answered. */
  get received(): number {
    return this.#bytes;
  }

  /** What its answer takes. */
  get answerBytes(): number {
    return (this.connection?.answerBytes ?? 0) + (this.sending?.bytes ?? 0);
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
