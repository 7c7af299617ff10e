import { expect, test } from "vitest";
import {
  ALIVE,
  describeDocker,
  openDockerRunner,
  openSandbox,
  python,
  run,
  session,
  shell,
  type Ran,
} from "../../test/open-sandbox.ts";
import type { Program, RunLimits, SandboxLimits } from "../core/sandbox.ts";

interface Attack {
  readonly name: string;
  readonly program: Program;
  readonly limits?: Partial<RunLimits>;
  readonly room?: Partial<SandboxLimits>;
  readonly expected: Partial<Ran>;
}

const out = (text: string): Partial<Ran> => ({ out: expect.stringContaining(text) });
const MIB = 1024 * 1024;
const SHORT = { timeMs: 1_200 };

/** Tries one system call or the like in Python, and prints what came of it: "done", or the error's name. */
const tries = (code: string): Program =>
  python(`
import ctypes, errno, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *given):
    if libc.syscall(number, *given) == -1:
        raise OSError(ctypes.get_errno(), "")
try:
    ${code}
    print("done")
except OSError as problem:
    print(errno.errorcode.get(problem.errno, problem))
`);

const refused = (name: string, code: string, said: RegExp): Attack => ({
  name,
  program: tries(code),
  expected: { out: expect.stringMatching(said) },
});

const EATS_UP: readonly Attack[] = [
  {
    name: "a fork bomb in Python",
    program: python("import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"),
    limits: SHORT,
    expected: { limit: "time", signal: 9 },
  },
  {
    name: "a fork bomb in the shell, waited for",
    program: shell("f(){ f|f& };f; sleep 30"),
    limits: SHORT,
    // The bomb may leave no room for what waits for it.
    expected: { limit: expect.stringMatching(/^(time|processes)$/) },
  },
  {
    name: "a fork bomb in a session",
    program: session("import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"),
    limits: SHORT,
    expected: { limit: "time" },
  },
  {
    name: "a fork bomb whose children ignore every signal",
    program: python(
      "import os, signal\nfor n in range(1, 32):\n  try: signal.signal(n, signal.SIG_IGN)\n  except OSError: pass\nwhile True:\n  try: os.fork()\n  except OSError: pass",
    ),
    limits: SHORT,
    expected: { limit: "time", signal: 9 },
  },
  {
    name: "memory until it is gone",
    program: python("x = bytearray(1 << 30)"),
    expected: { limit: "memory", signal: 9 },
  },
  {
    name: "memory in a child, whose parent goes on as if nothing were",
    program: shell("python3 -c 'x = bytearray(1 << 30)'; exit 0"),
    expected: { limit: "memory", exitCode: 0 },
  },
  {
    name: "memory in a session",
    program: session("x = bytearray(1 << 30)"),
    expected: { limit: "memory", hasSession: false },
  },
  {
    name: "the workspace, until it is full",
    program: shell("cat /dev/zero > /box/a; cat /dev/zero > /box/b; echo x > /box/c"),
    expected: { limit: "disk", err: expect.stringMatching(/No space left/) },
  },
  {
    name: "the folder for temporary files, until it is full",
    program: shell("for n in 1 2 3 4 5 6; do cat /dev/zero > /tmp/$n; done"),
    expected: { err: expect.stringMatching(/File size limit|No space left|Killed/) },
  },
  {
    name: "files until no more can be made",
    program: tries("[open(f'/box/{n}', 'w').close() for n in range(100_000)]"),
    expected: out("ENOSPC"),
  },
  {
    name: "a file of a terabyte with nothing in it",
    program: shell("truncate -s 1T /box/x"),
    expected: { limit: "file-size" },
  },
  {
    name: "folders within folders, 100,000 deep",
    program: tries("[(os.mkdir('d'), os.chdir('d')) for _ in range(100_000)]"),
    expected: { out: expect.stringMatching(/ENOSPC|ENAMETOOLONG|EDQUOT/) },
  },
  {
    name: "every descriptor there is",
    program: tries("[os.open('/dev/null', os.O_RDONLY) for _ in range(10_000)]"),
    expected: out("EMFILE"),
  },
  {
    name: "64 threads that never rest",
    program: python(
      "import threading\ndef f():\n  while True: pass\nfor _ in range(64):\n  try: threading.Thread(target=f).start()\n  except RuntimeError: pass",
    ),
    limits: SHORT,
    expected: { limit: "time", signal: 9 },
  },
  {
    name: "sleeping for ever",
    program: shell("sleep 100000"),
    limits: { timeMs: 300 },
    expected: { limit: "time", signal: 9 },
  },
  {
    name: "ignoring whoever asks it to stop",
    program: shell("trap '' TERM INT HUP QUIT; while :; do :; done"),
    limits: SHORT,
    expected: { limit: "time", signal: 9 },
  },
  {
    name: "a session that ignores whoever asks it to stop",
    program: session("while True:\n  try:\n    while True: pass\n  except BaseException: pass"),
    limits: SHORT,
    expected: { limit: "time", hasSession: false },
  },
  {
    name: "one that stopped itself",
    program: shell("kill -STOP $$"),
    limits: { timeMs: 300 },
    expected: { limit: "time" },
  },
  {
    name: "one that goes on after its end, forked twice and in a session of its own",
    program: shell("(setsid sh -c 'sleep 60' >/dev/null 2>&1 &) ; echo over"),
    expected: { exitCode: 0, out: "over\n" },
  },
  {
    name: "one that goes on after its end and holds the output open",
    program: shell("setsid sleep 60 & echo over"),
    expected: { exitCode: 0, out: "over\n" },
  },
  {
    name: "children that nobody waits for",
    program: python("import os\nfor _ in range(30):\n  if os.fork() == 0: os._exit(0)"),
    expected: { exitCode: 0 },
  },
  { name: "printing for ever", program: shell("yes"), expected: { limit: "output", signal: 9 } },
  {
    name: "a gigabyte of errors",
    program: shell("head -c 1G /dev/zero >&2"),
    expected: { limit: "output", signal: 9 },
  },
  {
    name: "zeros, and bytes that are no text",
    program: shell("printf 'a\\000b\\377\\376c'"),
    expected: { exitCode: 0, out: "a\u0000b\ufffd\ufffdc" },
  },
  {
    name: "an exit as if memory had run out",
    program: shell("exit 137"),
    expected: { exitCode: 137, signal: null, limit: null },
  },
  {
    name: "an exit with 255",
    program: shell("exit 255"),
    expected: { exitCode: 255, limit: null },
  },
  {
    name: "shared memory until it is gone",
    program: tries("open('/dev/shm/x', 'wb').write(bytes(64 << 20))"),
    expected: { out: expect.stringMatching(/ENOSPC|EFBIG/) },
  },
  {
    name: "a megabyte in a single line of code",
    program: session("x = " + "9".repeat(1_000_000)),
    expected: { limit: "output" },
  },
  {
    name: "recursion without an end",
    program: session("def f(): f()\nf()"),
    expected: { exitCode: 1, err: expect.stringContaining("RecursionError"), hasSession: true },
  },
  {
    name: "a stack that overflows in C",
    program: session("import ctypes; ctypes.string_at(0)"),
    expected: { signal: 11, hasSession: false },
  },
];

const WANTS_OUT: readonly Attack[] = [
  refused("a new user space", "call(272, 0x10000000)", /EPERM/),
  refused("a new space of mounts", "call(272, 0x20000)", /EPERM/),
  refused("a new network by clone", "call(56, 0x40000000 | 17, 0, 0, 0, 0)", /EPERM/),
  refused("a new network by clone3", "call(435, 0, 0)", /ENOSYS/),
  refused(
    "the spaces of process 1",
    "os.setns(os.open('/proc/1/ns/mnt', os.O_RDONLY))",
    /EACCES|EPERM/,
  ),
  refused("a mount", "call(165, b'none', b'/tmp', b'tmpfs', 0, 0)", /EPERM/),
  refused("a new mount, the new way", "call(430, b'tmpfs', 0)", /EPERM/),
  refused("a new root", "call(161, b'/box')", /EPERM/),
  refused("another root, pivoted", "call(155, b'/box', b'/box')", /EPERM/),
  refused("a block device", "os.mknod('/box/sda', 0o60666, os.makedev(254, 0))", /EPERM|EACCES/),
  refused("a character device", "os.mknod('/box/mem', 0o20666, os.makedev(1, 1))", /EPERM|EACCES/),
  refused("the memory of the machine", "open('/dev/mem')", /ENOENT|EACCES/),
  refused("the kernel's memory", "open('/proc/kcore', 'rb').read(1)", /EACCES|EPERM|ENOENT|done/),
  refused("what dumps its core", "open('/proc/sys/kernel/core_pattern', 'w')", /EROFS|EACCES/),
  refused(
    "the machine's keyboard of last resort",
    "open('/proc/sysrq-trigger', 'w')",
    /EROFS|EACCES|ENOENT/,
  ),
  refused("a cgroup of its own", "os.mkdir('/sys/fs/cgroup/memory/x')", /EROFS|EACCES|ENOENT/),
  refused(
    "who is told of cgroups that end",
    "open('/sys/fs/cgroup/memory/release_agent', 'w')",
    /EROFS|EACCES|ENOENT/,
  ),
  refused(
    "more memory",
    "open('/sys/fs/cgroup/memory/memory.limit_in_bytes', 'w')",
    /EROFS|EACCES|ENOENT/,
  ),
  refused("a program for the kernel", "call(321, 0, 0, 0)", /EPERM/),
  refused("the kernel's keys", "call(248, b'user', b'x', b'y', 1, -3)", /EPERM/),
  refused("the ring of io_uring", "call(425, 8, 0)", /EPERM/),
  refused("page faults of its own", "call(323, 0)", /EPERM/),
  refused("counters of the processor", "call(298, 0, 0, -1, -1, 0)", /EPERM/),
  refused("a module for the kernel", "call(175, 0, 0, b'')", /EPERM/),
  refused("another kernel", "call(246, 0, 0, 0, 0)", /EPERM/),
  refused("an end of the machine", "call(169, 0xfee1dead, 672274793, 0x1234567, 0)", /EPERM/),
  refused("another time", "call(227, 0, b'\\0' * 16)", /EPERM/),
  refused("another name of the machine", "socket.sethostname('x')", /EPERM/),
  refused("the kernel's log", "call(103, 3, b'x' * 16, 16)", /EPERM/),
  refused("watching every file", "call(300, 0, 0)", /EPERM/),
  refused("a file by its handle", "call(304, -1, 0, 0)", /EPERM/),
  refused("another process's memory", "call(310, 1, 0, 0, 0, 0, 0)", /EPERM/),
  refused("the keeper under a debugger", "call(101, 16, 1, 0, 0)", /EPERM/),
  refused("the keeper's memory", "open('/proc/1/mem', 'rb')", /EACCES|EPERM/),
  refused("the keeper's voice", "open('/proc/1/fd/1', 'wb')", /EACCES|EPERM/),
  refused("the keeper's environment", "open('/proc/1/environ', 'rb').read()", /EACCES|EPERM/),
  refused("a descriptor of the keeper", "call(438, os.pidfd_open(1), 1, 0)", /EPERM/),
  refused("raw packets", "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", /EPERM/),
  refused("a raw ping", "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)", /EPERM/),
  refused("the kernel's ciphers", "socket.socket(38, socket.SOCK_SEQPACKET)", /EPERM|EAFNOSUPPORT/),
  refused("the machine below", "socket.socket(40, socket.SOCK_STREAM)", /EPERM|EAFNOSUPPORT/),
  refused("root", "os.setuid(0)", /EPERM/),
  refused("root's group", "os.setgid(0)", /EPERM/),
  refused("more groups", "os.setgroups([0])", /EPERM/),
  refused("a file for root", "open('/box/r', 'w').close(); os.chown('/box/r', 0, 0)", /EPERM/),
  refused("the system's programs", "open('/usr/bin/python3', 'r+b')", /EROFS|EACCES/),
  refused("a file in the root", "open('/x', 'w')", /EROFS|EACCES/),
  refused("the passwords", "open('/etc/shadow')", /EACCES/),
  refused(
    "a program in /tmp",
    "open('/tmp/p', 'w').write('#!/bin/sh'); os.chmod('/tmp/p', 0o755); os.execv('/tmp/p', ['p'])",
    /EACCES/,
  ),
  refused(
    "Docker's socket",
    "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
    /ENOENT/,
  ),
  refused(
    "containerd's socket",
    "socket.socket(socket.AF_UNIX).connect('/run/containerd/containerd.sock')",
    /ENOENT/,
  ),
  {
    name: "a program that runs as its owner does not give its rights",
    program: shell(
      "cp /usr/bin/id /box/id && chmod 6755 /box/id && /box/id -u; find / -xdev -perm /6000 -type f 2>/dev/null | head",
    ),
    expected: { out: "10001\n" },
  },
  {
    name: "su and sudo",
    program: shell("su -c id root; sudo id; echo end"),
    expected: { out: "end\n" },
  },
  {
    name: "descriptors that it was given lead nowhere",
    program: shell("for fd in /proc/self/fd/*; do (cd $fd 2>/dev/null && pwd -P); done; echo end"),
    expected: { out: "end\n" },
  },
  {
    name: "ending the keeper",
    program: shell("kill -9 1; kill -TERM 1; kill -INT 1; kill -STOP 1; echo $?"),
    expected: { exitCode: 0, out: "0\n" },
  },
  {
    name: "ending everything",
    program: shell("kill -9 -1; echo alive"),
    expected: { out: expect.stringMatching(/^(alive\n)?$/) },
  },
  {
    name: "nothing of Clara is in its environment",
    program: shell("env | cut -d= -f1 | sort | tr '\\n' ' '"),
    expected: {
      out: "HOME LANG MPLBACKEND MPLCONFIGDIR PATH PWD PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONUNBUFFERED TMPDIR ",
    },
  },
];

const WANTS_ELSEWHERE: readonly Attack[] = [
  refused(
    "the address of a cloud's secrets",
    "socket.create_connection(('169.254.169.254', 80), 1)",
    /ENETUNREACH/,
  ),
  refused("another cloud's", "socket.create_connection(('100.100.100.200', 80), 1)", /ENETUNREACH/),
  refused("a public address", "socket.create_connection(('1.1.1.1', 443), 1)", /ENETUNREACH/),
  refused("a private address", "socket.create_connection(('172.17.0.1', 22), 1)", /ENETUNREACH/),
  refused(
    "an address of IPv6",
    "socket.create_connection(('2606:4700::1111', 443), 1)",
    /ENETUNREACH|EADDRNOTAVAIL/,
  ),
  refused(
    "a datagram",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53))",
    /ENETUNREACH/,
  ),
  refused(
    "Clara's own database",
    "socket.create_connection(('127.0.0.1', 5432), 1)",
    /ECONNREFUSED/,
  ),
  refused(
    "the same by IPv6",
    "socket.create_connection(('::1', 5432), 1)",
    /ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/,
  ),
  {
    name: "a name",
    program: python(
      "import socket\ntry: socket.gethostbyname('example.com')\nexcept socket.gaierror: print('nobody')",
    ),
    expected: { out: "nobody\n" },
  },
  {
    name: "the metadata by its name",
    program: python(
      "import socket\ntry: socket.gethostbyname('metadata.google.internal')\nexcept socket.gaierror: print('nobody')",
    ),
    expected: { out: "nobody\n" },
  },
  {
    name: "an interface of its own",
    program: shell(
      'python3 -c "import socket; print(socket.if_nameindex())"; cat /proc/net/route | wc -l',
    ),
    expected: { out: expect.stringMatching(/^\[\(1, 'lo'\)(?!.*eth).*\]\n1\n$/) },
  },
  {
    name: "the programs that talk to others",
    program: shell(
      "for p in curl wget nc ssh ping getent; do $p 1.1.1.1 80 </dev/null >/dev/null 2>&1 && echo $p; done; echo end",
    ),
    expected: { out: "end\n" },
  },
];

const SPEAKS: readonly Attack[] = [
  {
    name: "frames of the keeper, printed",
    program: python(
      "import sys, json, struct\nh = json.dumps({'event': 'end', 'id': 1, 'status': 0, 'limit': None, 'ms': 0, 'peak': 0, 'session': False}).encode()\nsys.stdout.buffer.write(struct.pack('>II', len(h), 0) + h); sys.exit(7)",
    ),
    expected: { exitCode: 7, out: expect.stringContaining('"status": 0') },
  },
  {
    name: "the session's own answer, forged",
    program: session(
      "import os\nfor d in range(3, 20):\n  try: os.write(d, bytes([0, 0]))\n  except OSError: pass",
    ),
    expected: { hasSession: true },
  },
  {
    name: "the session's own descriptors, closed",
    program: session("import os\nos.closerange(3, 100)"),
    limits: SHORT,
    expected: { hasSession: false },
  },
  {
    name: "escapes of a terminal, mentions and marks of models are text",
    program: shell('printf \'\\033]0;x\\007 @everyone <|im_start|> {"tool":"x"}\''),
    expected: { out: '\u001b]0;x\u0007 @everyone <|im_start|> {"tool":"x"}' },
  },
];

/** How many processes live besides the keeper and the one that counts. */
const still: Program = python(`
import os
def state(pid):
    return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0]
pids = [pid for pid in os.listdir("/proc") if pid.isdigit() and pid not in ("1", str(os.getpid()))]
print(len([pid for pid in pids if state(pid) != "Z"]))
`);

/** Runs it, and looks whether the sandbox is still one: nothing is left alive, and it answers. */
async function attack({ program, limits, room, expected }: Attack): Promise<void> {
  const sandbox = await openSandbox(undefined, room);

  const ran = await run(sandbox, program, limits);

  expect(ran).toMatchObject(expected);
  const alive = ran.hasSession ? "1\n" : "0\n";
  expect(await run(sandbox, still)).toMatchObject({ out: alive, exitCode: 0 });
}

describeDocker("in a sandbox", () => {
  test.for(EATS_UP)("$name: is bounded, and ends", attack);
  test.for(WANTS_OUT)("$name: is out of reach", attack);
  test.for(WANTS_ELSEWHERE)("$name: is nowhere", attack);
  test.for(SPEAKS)("$name: deceives nobody", attack);

  test("a run that Clara stops is over within a second, whatever it does", async () => {
    const sandbox = await openSandbox();
    const stop = new AbortController();
    const bomb = python("import os\nwhile True:\n  try: os.fork()\n  except OSError: pass");
    const running = run(sandbox, bomb, {}, stop.signal);
    setTimeout(() => stop.abort(new Error("enough")), 300);

    await expect(running).rejects.toThrow("enough");

    await expect.poll(() => run(sandbox, still).catch(() => null)).toMatchObject({ out: "0\n" });
  });

  test("what fills the memory with files is bounded by the same memory", async () => {
    const sandbox = await openSandbox(undefined, {
      memoryBytes: 64 * MIB,
      workspaceBytes: 256 * MIB,
      fileBytes: 256 * MIB,
    });

    const ran = await run(sandbox, shell("cat /dev/zero > /box/x"));

    expect(ran.limit).toBe("memory");
  });
});

describeDocker("twenty people at once", () => {
  test("each gets a sandbox and his own answer, and nothing is left", async () => {
    const runner = openDockerRunner({ maxSandboxes: 20 });
    const people = Array.from({ length: 20 }, (_, index) => index);

    const answers = await Promise.all(
      people.map(async (person) => {
        const sandbox = await openSandbox(runner);
        const { out } = await run(sandbox, python(`print(${person})`));
        await sandbox.kill();
        return out;
      }),
    );

    expect(answers).toEqual(people.map((person) => `${person}\n`));
    expect(await runner.health(ALIVE)).toMatchObject({ running: 0 });
  });
});
