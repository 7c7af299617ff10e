"""
The first process of a sandbox: starts programs, passes on what they print, and ends whatever they leave behind. It talks
with Clara over its own stdin and stdout in frames: the lengths of a head and a body (4 bytes each, big-endian), the head as
JSON, the body as it is. The programs that it starts have neither: what they print is data in a frame, never a frame.

It has no more rights than they have. As process 1 it cannot be ended by them; because it cannot be dumped, they can
neither read nor write its memory and its descriptors.
"""

import ctypes
import errno
import json
import os
import resource
import selectors
import signal
import socket
import stat
import struct
import subprocess
import sys
import time

ROOTS = ("/box", "/out")
CHUNK = 64 * 1024
MAX_HEAD = 256 * 1024
MAX_BODY = 2 * 1024 * 1024
# What waits to be read by Clara; above it nothing more is read from programs.
MAX_QUEUED = 512 * 1024
MAX_DEPTH = 64
# A session gets the time to end what it does by itself, and keep its names: less when somebody waits for the stop.
INTERRUPT_SECONDS = 1.5
STOP_SECONDS = 0.4
MAX_SWEEPS = 20
MAX_UNBURIED = 8
PR_SET_DUMPABLE = 4
OOM_SCORE = b"500"

# Where programs find the way out, while a run has one: everything goes through Clara, who decides.
PROXY = ("127.0.0.1", 3128)
MAX_CONNECTIONS = 16

ENVIRONMENT = {
    "HOME": "/box",
    "PATH": "/box/.packages/bin:/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TMPDIR": "/tmp",
    "PYTHONPATH": "/box/.packages",
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
}

libc = ctypes.CDLL(None)
PROXY_ENVIRONMENT = {
    name: f"http://{PROXY[0]}:{PROXY[1]}" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
}

selector = selectors.DefaultSelector()
queued = []  # Bytes on their way to Clara.
queued_bytes = 0
received = bytearray()
session = None  # The Python session: a Popen with .ask and .tell, or None.
run = None  # What runs now, or None.
way_out = None  # Listens while a run may reach others.
connections = {}  # By their number: a socket with .waiting, what Clara sent and nobody took yet.
writing = {}  # Files that come in, by their temporary name.


def main(session_source):
    assert os.getpid() == 1, "the keeper ends every process that it sees; it runs in a sandbox only"
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    # From within, only what is handled reaches process 1.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    os.set_blocking(0, False)
    os.set_blocking(1, False)
    selector.register(0, selectors.EVENT_READ, lambda: read_frames(session_source))
    selector.register(wake_read, selectors.EVENT_READ, lambda: drain(wake_read))
    tell({"event": "ready", "python": sys.version.split()[0]})
    while True:
        for key, _ in selector.select(until_next()):
            key.data()
        reap()
        look_at_run()
        flush()


def drain(descriptor):
    try:
        while os.read(descriptor, CHUNK):
            pass
    except BlockingIOError:
        pass


# --- frames ---


def read_frames(session_source):
    try:
        piece = os.read(0, CHUNK * 4)
    except BlockingIOError:
        return
    if not piece:
        # Clara is gone, and with her whoever wants an answer.
        os._exit(0)
    received.extend(piece)
    while len(received) >= 8:
        head_length, body_length = struct.unpack_from(">II", received)
        if head_length > MAX_HEAD or body_length > MAX_BODY:
            os._exit(2)
        end = 8 + head_length + body_length
        if len(received) < end:
            return
        head = json.loads(bytes(received[8 : 8 + head_length]))
        body = bytes(received[8 + head_length : end])
        del received[:end]
        answer(head, body, session_source)


def answer(head, body, session_source):
    try:
        OPERATIONS[head["op"]](head, body, session_source)
    except OSError as problem:
        tell({"id": head.get("id"), "event": "failed", "code": errno.errorcode.get(problem.errno, "EIO")})


def tell(head, body=b""):
    global queued_bytes
    text = json.dumps(head).encode()
    frame = struct.pack(">II", len(text), len(body)) + text + body
    queued.append(frame)
    queued_bytes += len(frame)
    flush()


def flush():
    """Writes what can be written now; the rest when there is room."""
    global queued_bytes
    while queued:
        try:
            written = os.write(1, queued[0])
        except BlockingIOError:
            listen(1, selectors.EVENT_WRITE, flush)
            return
        queued_bytes -= written
        if written < len(queued[0]):
            queued[0] = queued[0][written:]
        else:
            queued.pop(0)
    forget(1)


def listen(descriptor, events, handler):
    if descriptor not in selector.get_map():
        selector.register(descriptor, events, handler)


def forget(descriptor):
    if descriptor in selector.get_map():
        selector.unregister(descriptor)


# --- runs ---


class Run:
    def __init__(self, head):
        self.id = head["id"]
        self.deadline = time.monotonic() + head["ms"] / 1000
        self.started = time.monotonic()
        self.room = {1: head["out"], 2: head["err"]}
        self.pipes = {}
        self.process = None  # None for a run in the session.
        self.status = None  # Exit code, or minus the signal.
        self.peak = 0
        self.limit = None
        self.kill_at = None
        self.connections = 0
        self.before = counters()


def start_program(head, body, _):
    """argv holds "@" where the path of the body shall stand."""
    global run
    refuse_second()
    run = Run(head)
    code = os.memfd_create("code", os.MFD_CLOEXEC)
    try:
        os.write(code, body)
        os.lseek(code, 0, os.SEEK_SET)
        argv = [f"/dev/fd/{code}" if word == "@" else word for word in head["argv"]]
        more = head.get("env", {})
        if head.get("out_allowed"):
            open_way_out()
            more = {**PROXY_ENVIRONMENT, **more}
        run.process = start(argv, more, head.get("cwd", "/box"), [code])
    except OSError as problem:
        code_name = errno.errorcode.get(problem.errno, "EIO")
        current, run = run, None
        close_way_out()
        tell({"id": current.id, "event": "failed", "code": code_name})
        return
    finally:
        os.close(code)
    watch_pipes({1: run.process.stdout, 2: run.process.stderr})


def start(argv, more, cwd, descriptors):
    return subprocess.Popen(
        argv,
        env={**ENVIRONMENT, **more},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
        pass_fds=descriptors,
        preexec_fn=be_killed_first,
    )


def be_killed_first():
    # Where memory runs out, programs go before the keeper does. What cannot be dumped may not say so of itself.
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    with open("/proc/self/oom_score_adj", "wb", 0) as score:
        score.write(OOM_SCORE)


def refuse_second():
    if run is not None:
        raise OSError(errno.EBUSY, "something runs already")


def run_in_session(head, body, session_source):
    global run
    refuse_second()
    run = Run(head)
    is_new = session is None
    if is_new:
        try:
            open_session(session_source)
        except OSError as problem:
            current, run = run, None
            tell({"id": current.id, "event": "failed", "code": errno.errorcode.get(problem.errno, "EIO")})
            return
    tell({"id": run.id, "event": "session", "new": is_new})
    os.kill(session.pid, signal.SIGCONT)
    watch_pipes({1: session.stdout, 2: session.stderr})
    listen(session.tell, selectors.EVENT_READ, hear_session)
    # A session that does not listen is found by its time limit.
    session.pending = struct.pack(">I", len(body)) + body
    listen(session.ask, selectors.EVENT_WRITE, ask_session)


def open_session(source):
    global session
    ask_read, ask_write = os.pipe2(os.O_CLOEXEC)
    tell_read, tell_write = os.pipe2(os.O_CLOEXEC)
    try:
        argv = ["python3", "-u", "-c", source, str(ask_read), str(tell_write)]
        opened = start(argv, {}, "/box", [ask_read, tell_write])
    except OSError:
        os.close(ask_write)
        os.close(tell_read)
        raise
    finally:
        os.close(ask_read)
        os.close(tell_write)
    os.set_blocking(ask_write, False)
    os.set_blocking(tell_read, False)
    opened.ask, opened.tell, opened.pending = ask_write, tell_read, b""
    session = opened


def ask_session():
    try:
        written = os.write(session.ask, session.pending)
    except BlockingIOError:
        return
    except OSError:
        written = len(session.pending)
    session.pending = session.pending[written:]
    if not session.pending:
        forget(session.ask)


def hear_session():
    try:
        said = os.read(session.tell, 2)
    except BlockingIOError:
        return
    if len(said) == 2 and run is not None and run.process is None:
        run.status = said[1]
    elif not said:
        forget(session.tell)


def watch_pipes(pipes):
    for number, pipe in pipes.items():
        os.set_blocking(pipe.fileno(), False)
        run.pipes[number] = pipe


def look_at_pipes():
    """Reads from programs as long as Clara takes what they print."""
    for number, pipe in list(run.pipes.items()):
        if queued_bytes > MAX_QUEUED:
            forget(pipe.fileno())
        else:
            listen(pipe.fileno(), selectors.EVENT_READ, lambda n=number: pass_on(n))


def pass_on(number):
    """True while there may be more."""
    if run is None or number not in run.pipes:
        return False
    pipe = run.pipes[number]
    try:
        piece = os.read(pipe.fileno(), CHUNK)
    except BlockingIOError:
        return False
    if not piece:
        forget(pipe.fileno())
        del run.pipes[number]
        return False
    kept = piece[: run.room[number]]
    run.room[number] -= len(kept)
    if kept:
        tell({"id": run.id, "event": "out", "to": number}, kept)
    if len(kept) < len(piece) and run.limit is None:
        end_run("output")
    return True


def end_run(limit):
    run.limit = limit
    if run.process is None and session is not None and run.status is None:
        run.kill_at = time.monotonic() + (STOP_SECONDS if limit == "stopped" else INTERRUPT_SECONDS)
        os.kill(session.pid, signal.SIGINT)
    else:
        sweep()


def stop_run(head, *_):
    if run is not None and run.id == head["id"] and run.limit is None:
        end_run("stopped")


def until_next():
    if run is None:
        return None
    if run.status is not None:
        return 0
    return max(0, (run.kill_at or run.deadline) - time.monotonic())


def look_at_run():
    if run is None:
        return
    now = time.monotonic()
    if run.status is None and run.limit is None and now >= run.deadline:
        end_run("time")
    if run.status is None and run.kill_at is not None and now >= run.kill_at:
        kill_all()
    if run.status is not None:
        finish_run()
    else:
        look_at_pipes()
        look_at_connections()


def finish_run():
    global run
    sweep()
    reap()
    # Nobody writes any more: what is in the pipes is all there is.
    for number in (1, 2):
        while pass_on(number):
            pass
    close_way_out()
    for pipe in run.pipes.values():
        forget(pipe.fileno())
    if run.process is not None:
        run.process.stdout.close()
        run.process.stderr.close()
    after = counters()
    if run.limit is None and after["oom"] > run.before["oom"]:
        run.limit = "memory"
    if run.limit is None and after["pids"] > run.before["pids"]:
        run.limit = "processes"
    if run.limit is None and run.status in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ):
        run.limit = "file-size"
    if run.limit is None and run.status != 0 and is_full():
        run.limit = "disk"
    finished, run = run, None
    tell(
        {
            "id": finished.id,
            "event": "end",
            "status": finished.status,
            "limit": finished.limit,
            "ms": round((time.monotonic() - finished.started) * 1000),
            "peak": finished.peak,
            "session": session is not None,
        }
    )


# --- the way out ---


class Connection:
    def __init__(self, number, peer):
        self.number = number
        self.peer = peer
        self.waiting = bytearray()
        self.is_ending = False


def open_way_out():
    global way_out
    way_out = socket.socket()
    way_out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    way_out.bind(PROXY)
    way_out.listen(MAX_CONNECTIONS)
    way_out.setblocking(False)
    selector.register(way_out, selectors.EVENT_READ, welcome)


def welcome():
    try:
        peer, _ = way_out.accept()
    except OSError:
        return
    if len(connections) >= MAX_CONNECTIONS:
        peer.close()
        return
    peer.setblocking(False)
    run.connections += 1
    connection = Connection(run.connections, peer)
    connections[connection.number] = connection
    tell({"id": run.id, "event": "open", "on": connection.number})


def look_at_connections():
    for connection in list(connections.values()):
        reads = 0 if queued_bytes > MAX_QUEUED else selectors.EVENT_READ
        wanted = reads | (selectors.EVENT_WRITE if connection.waiting else 0)
        forget_peer(connection)
        if wanted:
            selector.register(connection.peer, wanted, lambda c=connection: serve(c))


def forget_peer(connection):
    if connection.peer.fileno() in selector.get_map():
        selector.unregister(connection.peer)


def serve(connection):
    if connection.number in connections:
        send_waiting(connection)
    if connection.number not in connections:
        return
    try:
        piece = connection.peer.recv(CHUNK)
    except BlockingIOError:
        return
    except OSError:
        piece = b""
    if piece:
        tell({"id": run.id, "event": "sent", "on": connection.number}, piece)
    else:
        hang_up(connection)
        tell({"id": run.id, "event": "closed", "on": connection.number})


def send_waiting(connection):
    try:
        while connection.waiting:
            written = connection.peer.send(connection.waiting)
            del connection.waiting[:written]
            # So much more may come: a program that does not read does not fill the keeper.
            tell({"id": run.id, "event": "took", "on": connection.number, "bytes": written})
    except BlockingIOError:
        return
    except OSError:
        connection.waiting.clear()
    if connection.is_ending and not connection.waiting:
        hang_up(connection)


def hear_outside(head, body, _):
    connection = connections.get(head["on"])
    if connection is None:
        return
    connection.waiting.extend(body)
    connection.is_ending = head.get("last", False)
    send_waiting(connection)


def hang_up(connection):
    forget_peer(connection)
    connection.peer.close()
    connections.pop(connection.number, None)


def close_way_out():
    global way_out
    if way_out is None:
        return
    for connection in list(connections.values()):
        hang_up(connection)
    selector.unregister(way_out)
    way_out.close()
    way_out = None


def reap(options=os.WNOHANG):
    while True:
        try:
            pid, status, usage = os.wait4(-1, options)
        except ChildProcessError:
            return
        if pid == 0:
            return
        code = os.waitstatus_to_exitcode(status)
        if session is not None and pid == session.pid:
            lose_session(code)
        if run is not None:
            run.peak = max(run.peak, usage.ru_maxrss * 1024)
            if run.process is not None and pid == run.process.pid:
                run.status = code
                run.process.returncode = code


def lose_session(code):
    global session
    session.returncode = code
    forget(session.ask)
    forget(session.tell)
    os.close(session.ask)
    os.close(session.tell)
    session = None
    if run is not None and run.process is None:
        run.status = code


def sweep():
    """Ends every process but the session, which is held still until it is needed again."""
    if session is not None:
        os.kill(session.pid, signal.SIGSTOP)
        if run is not None and run.process is None:
            run.peak = max(run.peak, peak_of(session.pid))
    for _ in range(MAX_SWEEPS):
        left, dead = others()
        if not left and len(dead) <= MAX_UNBURIED:
            return
        if not left:
            break
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        reap()
    # They multiply faster than one by one, or the session has left too many that count, though they are dead. This is at once for all, and for the session, too.
    kill_all()


def kill_all():
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass
    reap(0)


def others():
    """Who lives besides the keeper and the session, and who is dead and not buried."""
    kept = {1, session.pid if session is not None else 1}
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    left, dead = [], []
    for pid in pids:
        if pid not in kept:
            (dead if is_zombie(pid) else left).append(pid)
    return left, dead


def is_zombie(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] == b"Z"
    except OSError:
        return True


def peak_of(pid):
    try:
        with open(f"/proc/{pid}/status", "rb") as file:
            lines = [line for line in file if line.startswith(b"VmHWM:")]
        return int(lines[0].split()[1]) * 1024 if lines else 0
    except OSError:
        return 0


def counters():
    """How often the kernel refused memory and processes to this sandbox: cgroup 2, or 1."""
    return {
        "oom": count("/sys/fs/cgroup/memory.events", b"oom_kill")
        or count("/sys/fs/cgroup/memory/memory.oom_control", b"oom_kill"),
        "pids": count("/sys/fs/cgroup/pids.events", b"max") or count("/sys/fs/cgroup/pids/pids.events", b"max"),
    }


def count(path, name):
    try:
        with open(path, "rb") as file:
            found = [line.split()[1] for line in file if line.split()[:1] == [name]]
        return int(found[0]) if found else 0
    except OSError:
        return 0


def is_full():
    return any(use(root)["freeBytes"] == 0 or use(root)["freeFiles"] == 0 for root in ROOTS)


def use(root):
    found = os.statvfs(root)
    return {
        "usedBytes": (found.f_blocks - found.f_bfree) * found.f_frsize,
        "freeBytes": found.f_bfree * found.f_frsize,
        "freeFiles": found.f_ffree,
    }


# --- files ---


def within_roots(path):
    """The path with its folder resolved. Links that lead out of the workspace lead nowhere."""
    folder = os.path.realpath(os.path.dirname(path))
    name = os.path.basename(path)
    if name in ("", ".", "..") or not is_within(folder):
        raise OSError(errno.EACCES, "outside of the workspace")
    return os.path.join(folder, name)


def is_within(folder):
    return any(folder == root or folder.startswith(root + "/") for root in ROOTS)


def put_file(head, body, _):
    """In pieces; the last one puts it into its place, whatever was there."""
    key = head["id"]
    if key not in writing:
        folder = os.path.dirname(os.path.normpath(head["path"]))
        if is_within(folder):
            os.makedirs(folder, exist_ok=True)
        path = within_roots(head["path"])
        part = f"{os.path.dirname(path)}/.{key}.part"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        writing[key] = (os.open(part, flags, head.get("mode", 0o644)), part, path)
    descriptor, part, path = writing[key]
    try:
        write_all(descriptor, body)
        if head["more"]:
            return
        if "mtime" in head:
            os.utime(descriptor, ns=(head["mtime"], head["mtime"]))
        os.replace(part, path)
    except OSError:
        close_writing(key, remove=True)
        raise
    close_writing(key, remove=False)
    tell({"id": key, "event": "done"})


def write_all(descriptor, body):
    while body:
        body = body[os.write(descriptor, body) :]


def close_writing(key, remove):
    descriptor, part, _ = writing.pop(key)
    os.close(descriptor)
    if remove:
        os.unlink(part)


def get_file(head, *_):
    """As a stream of pieces. What is no plain file is refused before anything is read."""
    path = within_roots(head["path"])
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "no plain file")
        if found.st_size > head["max"]:
            raise OSError(errno.EFBIG, "too large")
        sent = 0
        while sent < found.st_size:
            piece = os.read(descriptor, min(CHUNK * 4, found.st_size - sent))
            if not piece:
                break
            sent += len(piece)
            tell({"id": head["id"], "event": "piece"}, piece)
        tell({"id": head["id"], "event": "done"})
    finally:
        os.close(descriptor)


def list_files(head, *_):
    """Plain files below the folder: [path, bytes, nanoseconds, may run]. Whatever else lies there is counted as other."""
    found, other, is_cut = [], 0, False
    start_at = os.path.realpath(head["path"])
    if not is_within(start_at):
        raise OSError(errno.EACCES, "outside of the workspace")
    if not os.path.isdir(start_at):
        raise OSError(errno.ENOENT, "no such folder")
    waiting = [(start_at, 0)]
    while waiting and not is_cut:
        folder, depth = waiting.pop()
        for entry in entries_of(folder):
            if len(found) + other >= head["max"]:
                is_cut = True
                break
            if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                waiting.append((entry.path, depth + 1))
            elif entry.is_file(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                found.append([printable(entry.path), state.st_size, state.st_mtime_ns, state.st_mode & 0o100 != 0])
            else:
                other += 1
    use_now = [use(root) for root in ROOTS]
    totals = {name: sum(each[name] for each in use_now) for name in ("usedBytes", "freeBytes")}
    # A head is small; the list goes as the body, in pieces.
    text = json.dumps(found).encode()
    for first in range(0, len(text), CHUNK * 4):
        tell({"id": head["id"], "event": "piece"}, text[first : first + CHUNK * 4])
    tell({"id": head["id"], "event": "done", "other": other, "cut": is_cut, **totals})


def entries_of(folder):
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def printable(path):
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


OPERATIONS = {
    "run": start_program,
    "session": run_in_session,
    "stop": stop_run,
    "outside": hear_outside,
    "put": put_file,
    "get": get_file,
    "list": list_files,
}

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(sys.argv[1])
