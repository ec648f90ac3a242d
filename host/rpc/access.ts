// Who may use the server, by the headers of an HTTP request or of a WebSocket's opening.
//
// A browser lets any page send requests to this machine. It names the page's origin in `Origin`, and the name that it
// looked up in `Host`. So a page of another site is refused by its origin, over HTTP and WebSocket alike (CORS does not
// cover WebSockets). A page that has its own name resolve to this machine (DNS rebinding) is of the same origin, and is
// refused by the host: a server that listens on this machine only is reached as localhost or by a loopback address. A
// server that listens on every interface can have any name; there `Origin` is checked only, which browsers send with
// every POST and WebSocket. Programs other than browsers send no origin, and may use the server.
import type { IncomingHttpHeaders } from 'node:http';

/** The origins whose pages may use the server unless others are given: this machine, and well-known apps. */
export const DEFAULT_ORIGINS: readonly string[] = [
  'http://localhost:*',
  'https://localhost:*',
  'http://127.0.0.1:*',
  'https://127.0.0.1:*',
  'https://polkadot.js.org',
  'https://dev.papi.how',
];

/** How long a browser may keep the answer to its question whether it may send a request. */
const PREFLIGHT_SECONDS_MAX = 600;

/** `scheme://host`, `scheme://host:port`, or `scheme://host:*`. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?:\d{1,5}|\*))?$/i;

/** Which hosts and origins are allowed. */
export interface AccessRules {
  /** Whether the server listens on loopback addresses only. */
  loopback: boolean;
  /** Origins whose pages may use the server; `:*` at the end stands for any port, or none. Or every one. */
  origins: readonly string[] | 'all';
}

/** The origins of a list with commas, or `all`; undefined if one of them is none. */
export function parseOrigins(text: string): AccessRules['origins'] | undefined {
  if (text === 'all' || text === '*') return 'all';
  const origins = text.split(',').map((origin) => origin.trim());
  return origins.every((origin) => ORIGIN.test(origin) || origin === 'null') ? origins : undefined;
}

function isAllowedOrigin(origin: string, { origins }: AccessRules): boolean {
  if (origins === 'all') return true;
  const given = origin.toLowerCase();
  return origins.some((item) => {
    const allowed = item.toLowerCase();
    if (!allowed.endsWith(':*')) return given === allowed;
    const base = allowed.slice(0, -':*'.length);
    return given === base || (given.startsWith(`${base}:`) && /^\d{1,5}$/.test(given.slice(base.length + 1)));
  });
}

/** Whether a `Host` header names this machine: localhost or a loopback address, with any port. */
function isLoopbackHost(host: string): boolean {
  const name = host.replace(/:\d*$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

const originOf = (headers: IncomingHttpHeaders): string | undefined => {
  const origin = headers.origin ?? headers['sec-websocket-origin'];
  return Array.isArray(origin) ? origin.join() : origin;
};

/** Why a request is refused, as a sentence; undefined if it is allowed. */
export function refusal(headers: IncomingHttpHeaders, rules: AccessRules): string | undefined {
  const { host } = headers;
  if (rules.loopback && rules.origins !== 'all' && host !== undefined && !isLoopbackHost(host)) {
    return 'The host is refused: this server is reached as localhost or 127.0.0.1, or by any name with --rpc-cors all.';
  }
  const origin = originOf(headers);
  if (origin !== undefined && !isAllowedOrigin(origin, rules)) {
    return 'The origin is refused: allow its pages with --rpc-cors.';
  }
  return undefined;
}

/** The headers by which a browser lets an allowed page read an answer. */
export function corsHeaders(headers: IncomingHttpHeaders, { origins }: AccessRules): Record<string, string> {
  const origin = originOf(headers);
  if (origin === undefined) return {};
  return { 'access-control-allow-origin': origins === 'all' ? '*' : origin, vary: 'Origin' };
}

/** The headers of the answer to a browser that asks whether an allowed page may send a request. */
export function preflightHeaders(headers: IncomingHttpHeaders, rules: AccessRules): Record<string, string> {
  const wantsPrivate = headers['access-control-request-private-network'] === 'true';
  return {
    ...corsHeaders(headers, rules),
    'access-control-allow-methods': 'POST, GET',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': String(PREFLIGHT_SECONDS_MAX),
    ...(wantsPrivate ? { 'access-control-allow-private-network': 'true' } : {}),
  };
}

/**
 * Whether a body is declared to be JSON. A page of another site can send other types without asking first, so only JSON
 * is read.
 */
export function isJson(headers: IncomingHttpHeaders): boolean {
  return /^application\/json(?:-rpc)?\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}
