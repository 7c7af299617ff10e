"""
A Python session: code comes in on one descriptor (its length in 4 bytes, then the text), and runs with the names that
earlier code left. One byte of the answer says that it is over, the next how. What is printed goes where it always goes.
"""

import ast
import builtins
import linecache
import os
import signal
import sys
import traceback
import types

ASK, TELL = int(sys.argv[1]), int(sys.argv[2])
OWN_PID = os.getpid()
sys.argv = [""]
sys.path[0:0] = ["/box"]

main = types.ModuleType("__main__")
main.__dict__["__builtins__"] = builtins
sys.modules["__main__"] = main
count = 0


def bury():
    """What earlier code started has ended, by the keeper's hand if not by itself."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def receive(length):
    text = b""
    while len(text) < length:
        piece = os.read(ASK, length - len(text))
        if not piece:
            os._exit(0)
        text += piece
    return text


def run(source):
    """0, or the exit code."""
    name = f"<code {count}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        execute(source, name)
        save_figures()
        return 0
    except SystemExit as asked:
        return exit_code(asked)
    except BaseException as problem:
        # Without our own lines above theirs.
        trace = problem.__traceback__
        while trace is not None and trace.tb_frame.f_globals is globals():
            trace = trace.tb_next
        traceback.print_exception(problem.with_traceback(trace or problem.__traceback__))
        return 1
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def execute(source, name):
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec", dont_inherit=True), main.__dict__)
    if last is not None:
        # As in a notebook: what the last line gives is shown.
        sys.displayhook(eval(compile(ast.Expression(last.value), name, "eval", dont_inherit=True), main.__dict__))


def exit_code(asked):
    if asked.code is None:
        return 0
    if isinstance(asked.code, int):
        return asked.code & 255
    print(asked.code, file=sys.stderr)
    return 1


def save_figures():
    """Plots that are open are shown, as a notebook would."""
    plots = sys.modules.get("matplotlib.pyplot")
    if plots is None:
        return
    for number in plots.get_fignums():
        plots.figure(number).savefig(f"/out/figure-{count}-{number}.png", bbox_inches="tight")
        plots.close(number)


# It is told to stop while it works, and not in between.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
while True:
    source = receive(int.from_bytes(receive(4), "big")).decode("utf-8", "replace")
    count += 1
    while signal.SIGINT in signal.sigpending():
        signal.sigwait({signal.SIGINT})
    bury()
    status = run(source)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    if os.getpid() != OWN_PID:
        # Code that forked ends with its parent's.
        os._exit(status)
    os.write(TELL, bytes([0, status]))
