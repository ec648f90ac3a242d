// A TCP proxy that delays what it passes on: a connection over a long way, on this machine.
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** Passes bytes between two sockets, each chunk after `delayMs`, in order. */
function pass(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', (chunk: Buffer) => void setTimeout(() => to.writable && to.write(chunk), delayMs));
  from.on('close', () => void setTimeout(() => to.destroy(), delayMs));
  from.on('error', () => to.destroy());
}

/** Listens on a free port and passes connections on to `port`, with `delayMs` in each direction. */
export async function slowLink(port: number, delayMs: number): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
    }
    pass(near, far, delayMs);
    pass(far, near, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
