// The command line, run as processes: output and exit codes.
import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const running = new Set<ChildProcess>();
const folders: string[] = [];

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  for (const child of running) if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  running.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'corejam-cli-')));
  return folders.at(-1)!;
}

function start(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, [join(root, 'bin/corejam.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout!.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr!.on('data', (data: Buffer) => {
    err += data.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const run = (...args: string[]): Promise<Ended> => ended(start(args));

/** The address of a node, once it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let err = '';
    child.stderr!.on('data', (data: Buffer) => {
      err += data.toString();
    });
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /ws:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
    child.once('exit', () => reject(new Error(`it exited first: ${err}`)));
  });
}

async function rpc(url: string, method: string, params: unknown[] = []): Promise<unknown> {
  const response = await fetch(url.replace('ws:', 'http:'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return ((await response.json()) as { result: unknown }).result;
}

describe('corejam', () => {
  test('lists its commands, each of which has help', async () => {
    const { out, code } = await run('--help');
    expect(code).toBe(0);
    for (const command of ['dev', 'demo', 'build-spec', 'inspect', 'profile']) {
      expect(out).toContain(`  ${command}`);
      const help = await run(command, '--help');
      expect([help.code, help.out]).toEqual([0, expect.stringContaining(`Usage: corejam ${command}`)]);
    }
  });

  test('prints no colours without a terminal', async () => {
    const { out } = await run('--help');
    expect(out).not.toContain('\u001b[');
  });

  test.each([
    [['fly'], 'there is no command `fly`'],
    [['dev', '--wings'], "Unknown option '--wings'"],
    [['dev', 'extra'], 'takes no operands'],
    [['dev', '--port', '70000'], '--port takes a number from 0'],
    [['dev', '--sealing', 'often'], '--sealing takes instant, manual or interval=MS'],
    [['dev', '--rpc-methods', 'some'], '--rpc-methods takes auto, safe, unsafe, not `some`'],
    [['dev', '--rpc-cors', 'app.example'], '--rpc-cors takes `all` or origins with commas between them'],
    [['dev', '--rpc-max-response-size', '0'], '--rpc-max-response-size takes a number of MiB from 1 to 256, not `0`'],
    [['dev', '--rpc-max-response-size', '257'], '--rpc-max-response-size takes a number of MiB from 1 to 256'],
    [['dev', '--log', 'loud'], '--log takes one of'],
    [['dev', '--tmp', '--base-path', 'x'], 'not both'],
    [['dev', '--base-path='], '--base-path takes a folder; the current one is written `.`'],
    [['inspect'], 'name one file'],
  ])('refuses %p with a sentence', async (args, sentence) => {
    const { code, err, out } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('a bug is reported as one, with its stack', async () => {
    const broken = 'data:text/javascript,console.log=()=>{throw%20new%20TypeError(%22broken%22)}';
    const { code, err } = await ended(start(['--help'], { NODE_OPTIONS: `--import ${broken}` }));
    expect(code).toBe(1);
    expect(err).toMatch(/^error: this is a bug in corejam; .*\nTypeError: broken\n\s+at /);
  });

  test('an error of the operating system is a sentence, not a bug', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, '');
    const { code, err } = await run('dev', '--base-path', path, '--port', '0');
    expect([code, err]).toEqual([
      1,
      `error: the base path ${path} can't be used: a part of its path is a file, not a folder\n`,
    ]);
  });

  test.each([
    ['no such file', 'missing.json', undefined, 'there is no'],
    ['no JSON', 'spec.json', '{', 'JSON'],
    ['a genesis by another name', 'spec.json', '{"name":"x","id":"x","genisis":{}}', 'has no `genesis`'],
    ['no genesis', 'spec.json', '{"name":"x","id":"x","chainType":"Development"}', 'genesis'],
  ])('refuses a chain spec with %s', async (_what, name, content, sentence) => {
    const path = join(folder(), name);
    if (content !== undefined) writeFileSync(path, content);
    const { code, err } = await run('dev', '--chain', path, '--port', '0');
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test.each([[[]], [['--raw']]])(
    'refuses a genesis that the runtime refuses, with its sentence, in either form: %j',
    async (flags) => {
      const path = join(folder(), 'refused.json');
      const spec = JSON.parse((await run('build-spec')).out) as { genesis: { runtimeGenesis: { patch?: object } } };
      spec.genesis.runtimeGenesis.patch = { ...spec.genesis.runtimeGenesis.patch, availability: { timeOut: 1 } };
      writeFileSync(path, JSON.stringify(spec));
      const { code, out, err } = await run('build-spec', '--chain', path, ...flags);
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain('the runtime refused the genesis configuration: availability.timeOut: ');
      expect(err.trim().split('\n')).toHaveLength(1);
    },
  );

  test('runs the specs that it builds, raw or not', async () => {
    for (const flags of [[], ['--raw']]) {
      const { out, code } = await run('build-spec', ...flags);
      expect(code).toBe(0);
      const path = join(folder(), 'spec.json');
      writeFileSync(path, out);
      const url = await listening(start(['dev', '--chain', path, '--port', '0', '--log', 'error']));
      expect(await rpc(url, 'chain_getBlockHash', [0])).toMatch(/^0x[0-9a-f]{64}$/);
    }
  });
});

describe('corejam dev', () => {
  test('refuses a base path with files of others, and leaves them', async () => {
    const path = folder();
    for (const name of ['scratch', 'modules']) {
      mkdirSync(join(path, name));
      writeFileSync(join(path, name, '0'), 'mine');
    }
    const { code, err } = await run('dev', '--base-path', path, '--port', '0');
    expect([code, err]).toEqual([
      1,
      `error: ${path} has files and no chain in it ("modules", "scratch"); name a new or an empty folder as the base path\n`,
    ]);
    expect(readdirSync(path, { recursive: true }).sort()).toEqual(['modules', 'modules/0', 'scratch', 'scratch/0']);
  });

  test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'exits cleanly on %s, and removes its temporary folder',
    async (signal) => {
      const temporary = folder();
      const child = start(['dev', '--tmp', '--port', '0', '--log', 'error'], { TMPDIR: temporary });
      await listening(child);
      expect(readdirSync(temporary)).not.toEqual([]);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  test('says what is lost where an earlier version kept shards in a database of their own', async () => {
    const path = folder();
    const flags = ['dev', '--base-path', path, '--port', '0', '--sealing', 'manual', '--log', 'warn'];
    const stopped = async (): Promise<Ended> => {
      const child = start(flags);
      const end = ended(child);
      await listening(child);
      child.kill('SIGINT');
      return end;
    };
    expect(await stopped()).toMatchObject({ code: 0, err: '' });
    const old = join(path, 'corejam', 'network');
    mkdirSync(old);
    const { code, err } = await stopped();
    expect(code).toBe(0);
    expect(err).toContain(
      `${old} has shards of an earlier version, which are not read: packages that were Registered with it and are not ` +
        'available yet time out. The folder can be removed\n',
    );
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('the next run removes the temporary folder of a run that was killed', async () => {
    const temporary = folder();
    const flags = ['dev', '--tmp', '--port', '0', '--log', 'error'];
    const killed = start(flags, { TMPDIR: temporary });
    await listening(killed);
    const left = readdirSync(temporary);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(readdirSync(temporary)).toEqual(left);
    const next = start(flags, { TMPDIR: temporary });
    await listening(next);
    expect(readdirSync(temporary)).toEqual([expect.not.stringMatching(left[0]!)]);
    next.kill('SIGINT');
    await once(next, 'exit');
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('the node that npx started does not outlive it', async () => {
    const temporary = folder();
    // As npx does: the command runs in a shell of its own.
    const npm = join(temporary, 'npx-cli.js');
    const command = `"${process.execPath}" "${join(root, 'bin/corejam.mjs')}" dev --tmp --port 0 --log error; true`;
    writeFileSync(
      npm,
      `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(command)}], { stdio: 'inherit' });`,
    );
    const runs = join(temporary, 'runs');
    mkdirSync(runs);
    const npx = spawn(process.execPath, [npm], {
      stdio: 'pipe',
      env: { ...process.env, npm_command: 'exec', TMPDIR: runs },
    });
    running.add(npx);
    const url = await listening(npx);
    expect(readdirSync(runs)).toHaveLength(1);
    npx.kill('SIGKILL');
    await once(npx, 'close'); // its output ends with the last process that has it: the node
    expect(readdirSync(runs)).toEqual([]);
    await expect(rpc(url, 'chain_getBlockHash')).rejects.toThrow('fetch failed');
  });

  test('a base path in /proc, and a device or a pipe as a chain spec, neither hang nor ignore SIGTERM', async () => {
    const pipe = join(folder(), 'pipe');
    await once(spawn('mkfifo', [pipe]), 'exit');
    const flags = ['dev', '--port', '0'];
    const results = await Promise.all([
      run(...flags, '--base-path', '/proc/x'),
      run(...flags, '--chain', '/dev/zero'),
      run(...flags, '--chain', pipe),
    ]);
    expect(results.map(({ code, err }) => [code, err])).toEqual([
      [1, "error: the base path /proc/x can't be used: it does not exist\n"],
      [1, "error: the chain spec /dev/zero can't be read: it is a device or a pipe, not a file\n"],
      [1, `error: the chain spec ${pipe} can't be read: it is a device or a pipe, not a file\n`],
    ]);
  });

  test('reports that its port is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, err } = await run('dev', '--tmp', '--port', String(port));
    server.close();
    expect(code).toBe(1);
    expect(err).toContain(`port ${port} on 127.0.0.1 can't be used`);
  });

  test('continues its chain, and refuses a second process and the base path of another chain', async () => {
    const path = join(folder(), 'chain');
    const flags = ['dev', '--base-path', path, '--port', '0', '--sealing', 'manual', '--log', 'error'];
    const first = start(flags);
    const url = await listening(first);
    await rpc(url, 'engine_createBlock', [true, true]);
    const head = await rpc(url, 'chain_getBlockHash');

    const second = await run(...flags);
    expect(second.code).toBe(1);
    expect(second.err).toContain(path);
    expect(second.err).toContain(String(first.pid));

    first.kill('SIGKILL');
    await once(first, 'exit');
    const again = start(flags);
    expect(await rpc(await listening(again), 'chain_getBlockHash')).toBe(head);
    again.kill('SIGINT');
    await once(again, 'exit');

    const spec = JSON.parse((await run('build-spec')).out) as {
      genesis: { runtimeGenesis: { patch?: unknown } };
      id: string;
    };
    spec.genesis.runtimeGenesis.patch = { coretime: { cores: 4 } };
    const other = join(folder(), 'other.json');
    writeFileSync(other, JSON.stringify(spec));
    const refused = await run('dev', '--base-path', path, '--port', '0', '--chain', other);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/another chain|genesis/);
  });

  test('refuses the development keys on a chain that is not a development chain', async () => {
    const spec = JSON.parse((await run('build-spec')).out) as Record<string, unknown>;
    const path = join(folder(), 'live.json');
    writeFileSync(path, JSON.stringify({ ...spec, chainType: 'Live' }));
    const child = start(['dev', '--chain', path, '--port', '0', '--sealing', 'manual', '--log', 'error']);
    const url = await listening(child);
    const response = await fetch(url.replace('ws:', 'http:'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'engine_createBlock', params: [true, true] }),
    });
    expect(JSON.stringify(await response.json())).toContain('error');
  });
});

describe('corejam dev, its RPC server', () => {
  test('takes the methods, the origins and the size of answers from its options', async () => {
    const options = ['--rpc-methods', 'safe', '--rpc-cors', 'https://app.example', '--rpc-max-response-size', '1'];
    const url = await listening(start(['dev', '--tmp', '--port', '0', '--log', 'error', ...options]));
    const ask = async (body: object, origin: string): Promise<[number, string]> => {
      const headers = { 'content-type': 'application/json', origin };
      const response = await fetch(url.replace('ws:', 'http:'), {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return [response.status, await response.text()];
    };
    const of = (method: string): object => ({ jsonrpc: '2.0', id: 1, method });
    const ours = 'https://app.example';
    expect((await ask(of('engine_createBlock'), ours))[1]).toContain('RPC call is unsafe to be called externally');
    expect((await ask(of('system_chain'), 'http://localhost'))[0]).toBe(403);
    // Four times the metadata are above 1 MiB.
    const batch = Array<object>(256).fill(of('state_getMetadata'));
    expect((await ask(batch, ours))[1]).toContain('"code":-32011');
    expect((await ask(of('system_chain'), ours))[1]).toContain('CoreJam Development');
  });
});

describe('corejam demo', () => {
  test('takes the named files through every stage', async () => {
    const path = join(folder(), 'a file.txt');
    writeFileSync(path, 'something real');
    const { code, out, err } = await run('demo', path);
    expect([code, err]).toEqual([0, '']);
    for (const stage of ['submitted', 'authorized', 'refined', 'attested', 'reported', 'available', 'accumulated'])
      expect(out).toContain(stage);
    expect(out).toMatch(/a file\.txt.*proven/);
    expect(out).toMatch(/pruned .*Work Class 1/);
    expect(out).toMatch(/refused .*signature/);
  });

  test('says that its node exited, if that is killed', async () => {
    const path = join(folder(), 'a file.txt');
    writeFileSync(path, 'something real');
    const demo = start(['demo', path]);
    const end = ended(demo);
    await listening(demo);
    const [node] = readFileSync(`/proc/${demo.pid}/task/${demo.pid}/children`, 'utf8').trim().split(' ');
    process.kill(Number(node), 'SIGKILL');
    const { code, err } = await end;
    // After what the client's library prints about its connection.
    expect([code, err.trim().split('\n').at(-1)]).toEqual([1, 'error: the node exited: it printed no error']);
  });

  test('reports a file that is too large before it starts a chain', async () => {
    const path = join(folder(), 'large.bin');
    writeFileSync(path, new Uint8Array(6_000_000));
    const { code, err, out } = await run('demo', path);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`${path} has 5.7 MiB; a package holds 5 MiB`);
  });

  test('reports a file that does not exist', async () => {
    const { code, err } = await run('demo', 'missing.txt');
    expect([code, err.trim()]).toEqual([1, "error: can't read missing.txt: there is no such file"]);
    expect(existsSync('missing.txt')).toBe(false);
  });
});
