"""
Unpacks an archive: plain files and folders only, below the destination only, and no more than a workspace bears. It runs
within the sandbox, whose own limits hold as well.
"""

import os
import sys
import tarfile
import zipfile

MAX_FILES = 2000
MAX_BYTES = 200 * 1024 * 1024
MAX_DEPTH = 32
CHUNK = 256 * 1024

archive, destination = sys.argv[1], os.path.realpath(sys.argv[2])
taken = left_out = written = 0


class TooMuch(Exception):
    pass


def place(name):
    """Where it goes; None for a name that leads elsewhere."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or name.startswith("/") or ".." in parts or len(parts) > MAX_DEPTH or "\0" in name:
        return None
    path = os.path.join(destination, *parts)
    folder = os.path.realpath(os.path.dirname(path))
    # A folder that is a link already, made by somebody else.
    if folder != destination and not folder.startswith(destination + "/"):
        return None
    return os.path.join(folder, parts[-1])


def take(name, source):
    """Whatever its head says of its size: what comes is counted."""
    global taken, written
    path = place(name)
    if path is None:
        leave_out(name)
        return
    if taken >= MAX_FILES:
        raise TooMuch(f"it holds more than {MAX_FILES} files")
    taken += 1
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "xb") as target:
        while piece := source.read(CHUNK):
            written += len(piece)
            if written > MAX_BYTES:
                raise TooMuch(f"it unfolds to more than {MAX_BYTES // 1024 // 1024} MB")
            target.write(piece)


def leave_out(name):
    global left_out
    left_out += 1
    if left_out <= 5:
        print(f"left out: {name[:100]!r}")


def unzip():
    with zipfile.ZipFile(archive) as file:
        for entry in file.infolist():
            kind = entry.external_attr >> 28
            if entry.is_dir():
                continue
            if entry.flag_bits & 1:
                raise TooMuch("it is locked with a password")
            # 0: made where there are no kinds; 8: a plain file.
            if kind not in (0, 8):
                leave_out(entry.filename)
                continue
            with file.open(entry) as source:
                take(entry.filename, source)


def untar():
    with tarfile.open(archive, "r|*") as file:
        for entry in file:
            if entry.isdir():
                continue
            source = file.extractfile(entry) if entry.isreg() and not entry.issparse() else None
            if source is None:
                leave_out(entry.name)
            else:
                take(entry.name, source)


try:
    if not os.path.isfile(archive):
        raise TooMuch("it is not there, or no plain file")
    os.makedirs(destination, exist_ok=True)
    if zipfile.is_zipfile(archive):
        unzip()
    else:
        untar()
    print(f"unpacked {taken} files, {written} bytes, to {destination}")
except (TooMuch, zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, ValueError, NotImplementedError) as problem:
    print(f"not unpacked to its end, after {taken} files: {problem}", file=sys.stderr)
    sys.exit(1)
