// WebSockets: one connection each, with its line, its share of memory, and what it sends and is sent.
//
// A client that does not read makes no more work: while SENDING_BYTES_MAX wait to be sent, its tasks do not run, and
// while WAITING_BYTES_MAX of its messages wait to be answered, it is not read. What is sent in one slice of turns is
// written at once.
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Clock } from '../node/index.js';
import type { Visitor } from './admission.js';
import type { Budget, Share } from './budget.js';
import { Connection, type ConnectionLimits } from './dispatcher.js';
import { Following } from './following.js';
import { LARGE_BYTES, type Place, type Places } from './places.js';
import type { Client, Registry } from './registry.js';
import { CHUNK_BYTES, Sending, type Chunks } from './sending.js';
import type { Text } from './text.js';
import type { ClientLine, Turns } from './turns.js';

/** What all connections share. */
export interface Serving {
  readonly registry: Registry;
  readonly limits: ConnectionLimits;
  readonly turns: Turns;
  readonly budget: Budget;
  /** For large answers, and for large messages. */
  readonly answers: Places;
  readonly messages: Places;
  readonly chunks: Chunks;
  readonly clock: Clock;
  readonly onFault: (method: string, error: unknown) => void;
}

const SENDING_BYTES_MAX = 1 << 20;
const WAITING_BYTES_MAX = 1 << 20;
const WAITING_MESSAGES_MAX = 256;
/** A message and what is parsed of it take about this many times its bytes. */
export const PARSED_FACTOR = 2;
/** So many that no other ping has the same. */
const PROBE_BYTES = 8;
/** A masked control frame without its payload. */
const CONTROL_BYTES = 6;

/** Calls of one client that are made elsewhere at a time. */
const AWAY_MAX = 4;

/** A client's tasks do not run while AWAY_MAX of its calls are under way elsewhere. */
export function restWhileAway(line: ClientLine, calls: number): void {
  if (calls >= AWAY_MAX) line.hold('away');
  else line.release('away');
}

/** Serves one WebSocket. */
export class SocketPeer {
  readonly #socket: WebSocket;
  readonly #tcp: Socket;
  readonly #visitor: Visitor;
  readonly #serving: Serving;
  readonly #line: ClientLine;
  readonly #connection: Connection;
  readonly #share: Share;
  /** For its answers, and for its messages. */
  readonly #place: Place;
  readonly #intake: Place;
  readonly #pauses = new Set<'waiting' | 'place'>();
  readonly #sending: Sending;
  /** Bytes of the message that is not whole yet, about. */
  #arriving = 0;
  /** Messages without an answer. */
  #waiting = 0;
  #waitingBytes = 0;
  #isCorked = false;
  #isClosed = false;

  constructor(serving: Serving, socket: WebSocket, tcp: Socket, visitor: Visitor, client: Partial<Client>) {
    const { registry, limits, turns, budget, answers, messages, chunks, clock, onFault } = serving;
    this.#serving = serving;
    this.#socket = socket;
    this.#tcp = tcp;
    this.#visitor = visitor;
    this.#line = turns.line();
    const following = new Following((received) => this.#probe(received), clock);
    this.#place = answers.of({
      hold: () => this.#line.hold('place'),
      release: () => this.#line.release('place'),
      isIdle: () => this.#unsent > 0,
    });
    this.#intake = messages.of({
      hold: () => this.#pause('place'),
      release: () => this.#resume('place'),
      isIdle: () => this.#arriving > 0,
    });
    this.#sending = new Sending(
      chunks,
      (chunk, fin, taken) => socket.send(chunk, { binary: false, fin }, taken),
      () => this.#progress(),
    );
    const outlet = { push: (text: Text) => this.#send(text), overflow: () => socket.terminate(), following };
    this.#connection = new Connection(registry, limits, onFault, {
      line: this.#line,
      outlet,
      client,
      onGathered: () => this.#place.need(),
      onTask: () => this.#progress(),
      onAway: (calls) => restWhileAway(this.#line, calls),
    });
    this.#share = budget.open(
      () => this.#arriving + this.#waitingBytes + this.#connection.bytes + this.#unsent,
      () => socket.terminate(),
    );
    visitor.ping = () => socket.readyState === WebSocket.OPEN && socket.ping();
    // Before the listener of the WebSocket, which emits the messages.
    tcp.prependListener('data', (chunk: Buffer) => this.#onBytes(chunk.length));
    tcp.on('drain', () => this.#progress());
    const onControl = (data: Buffer): void => this.#arrived(data.length + CONTROL_BYTES);
    socket.on('ping', onControl);
    socket.on('pong', onControl);
    socket.on('message', (data: Buffer) => this.#onMessage(data));
    socket.on('close', () => this.#close());
    // After a malformed frame or an oversized message, ws closes the connection with the matching code.
    socket.on('error', () => this.#close());
  }

  #onBytes(bytes: number): void {
    const nowMs = this.#serving.clock.nowMs();
    this.#visitor.heardMs = nowMs;
    this.#visitor.unfinishedSinceMs ??= nowMs;
    this.#arriving += bytes;
    if (this.#arriving > LARGE_BYTES) this.#intake.need();
    this.#share.update();
  }

  /** So many of the bytes that arrived are no part of an unfinished message. */
  #arrived(bytes: number): void {
    this.#arriving = Math.max(0, this.#arriving - bytes);
    if (this.#arriving === 0) this.#visitor.unfinishedSinceMs = undefined;
  }

  #onMessage(data: Buffer): void {
    if (this.#isClosed) return;
    // The headers of its frames are not known. What follows in the same chunk is little.
    this.#arrived(this.#arriving);
    this.#visitor.usefulMs = this.#serving.clock.nowMs();
    const bytes = PARSED_FACTOR * data.length;
    this.#wait(1, bytes);
    if (this.#waiting > WAITING_MESSAGES_MAX || this.#waitingBytes > WAITING_BYTES_MAX) this.#pause('waiting');
    this.#connection.handle(data, (reply) => {
      this.#wait(-1, -bytes);
      if (reply !== undefined) this.#send(reply);
      this.#visitor.heardMs = this.#serving.clock.nowMs();
      if (this.#waiting <= WAITING_MESSAGES_MAX / 2 && this.#waitingBytes <= WAITING_BYTES_MAX) this.#resume('waiting');
    });
  }

  #wait(messages: number, bytes: number): void {
    this.#waiting += messages;
    this.#waitingBytes += bytes;
    this.#visitor.requests = this.#waiting;
    this.#visitor.subscriptions = this.#connection.subscriptions;
    if (this.#arriving + this.#waitingBytes <= LARGE_BYTES) this.#intake.leave();
    this.#share.update();
  }

  #pause(reason: 'waiting' | 'place'): void {
    this.#pauses.add(reason);
    this.#visitor.isUnread = true;
    this.#socket.pause();
  }

  #resume(reason: 'waiting' | 'place'): void {
    if (!this.#pauses.delete(reason) || this.#pauses.size > 0) return;
    this.#visitor.readAgain(this.#serving.clock.nowMs());
    this.#socket.resume();
  }

  get #unsent(): number {
    return this.#sending.bytes + this.#socket.bufferedAmount;
  }

  /** Something was sent, or a task is done. */
  #progress(): void {
    if (this.#sending.isIdle && this.#socket.bufferedAmount === 0) this.#line.release('reading');
    if (this.#connection.answerBytes + this.#unsent <= LARGE_BYTES) this.#place.leave();
    this.#share.update();
  }

  #send(text: Text): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#tcp.cork();
      this.#serving.turns.atEnd(() => {
        this.#isCorked = false;
        this.#tcp.uncork();
      });
    }
    if (this.#sending.isIdle && text.fits(CHUNK_BYTES)) this.#socket.send(text.toString());
    else this.#sending.push(text);
    if (!this.#sending.isIdle || this.#socket.bufferedAmount > SENDING_BYTES_MAX) this.#line.hold('reading');
    this.#share.update();
  }

  /** Pings the client, and calls back when its pong shows that it has received what was sent before. */
  #probe(received: () => void): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const name = randomBytes(PROBE_BYTES);
    const onPong = (data: Buffer): void => {
      if (!name.equals(data)) return;
      this.#socket.off('pong', onPong);
      received();
    };
    this.#socket.on('pong', onPong);
    this.#socket.ping(name);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
    this.#line.close();
    this.#sending.close();
    this.#place.leave();
    this.#intake.leave();
    this.#share.close();
  }
}
