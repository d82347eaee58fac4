# SPDX-License-Identifier: Apache-2.0
"""What machines need of Linux: whether namespaces may be made here, and sockets that listen inside one."""

from __future__ import annotations

import ctypes
import functools
import os
import shutil
import socket
import subprocess
import threading

NEW = ("unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child=KILL",
       "--propagation", "private")
PROGRAMS = ("unshare", "setpriv", "ip", "mount", "pivot_root", "setsid", "awk")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CLONE_NEWNET = 0x40000000  # linux/sched.h
_TRIAL = ("mount -t tmpfs tmpfs /mnt && cd /mnt && mkdir u w r && "
          "mount -t overlay -o lowerdir=/,upperdir=u,workdir=w overlay r && mknod r/null c 1 3 && ip link set lo up")
_libc = ctypes.CDLL(None, use_errno=True)


@functools.cache
def hindrance() -> str:
    """Why no machine can be started on this computer; "" when one can. Tried once, for real."""
    if os.geteuid() != 0:
        return "the server is not run by root"
    missing = [name for name in PROGRAMS if shutil.which(name, path=SYSTEM_PATH) is None]
    if missing:
        return "there is no program " + ", ".join(missing)
    tried = subprocess.run((*NEW, "sh", "-c", _TRIAL), env={"PATH": SYSTEM_PATH}, stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, errors="replace", timeout=30)
    return "" if tried.returncode == 0 else f"namespaces are not allowed here: {tried.stderr.strip()}"


def listening(process: int, address: str, port: int) -> socket.socket:
    """A TCP socket that listens in the network namespace of a process. It stays there; the caller does not go there.

    A namespace is a thread's, so a thread of its own goes in and ends.
    """
    made: list[socket.socket | OSError] = []

    def go() -> None:
        try:
            with open(f"/proc/{process}/ns/net", "rb") as namespace:
                if _libc.setns(namespace.fileno(), _CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            made.append(socket.create_server((address, port), backlog=64))
        except OSError as error:
            made.append(error)
    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]
