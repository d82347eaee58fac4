# SPDX-License-Identifier: Apache-2.0
"""A wheel that stands for Ray: the two commands and the few functions that an instance uses, so that the steps run for real
without the 500 MB of the real one. Its head keeps in MemoryDB what is deployed, over TLS and with a namespace, as Ray's does."""

import io
import zipfile
from pathlib import Path

VERSION = "2.60.0"

RAY = '''
import types
def init(**_options): pass
def get(value): return value
def remote(function): return types.SimpleNamespace(remote=function)
'''

SERVE = '''
class _Bound:
    def __init__(self, made): self.made = made
    def bind(self): return self
def deployment(made): return _Bound(made)
'''

COMMANDS = '''
import importlib, os, signal, socket, ssl, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
HOME = "/run/ray"
PROCESS = HOME + "/service"

def store(*words):
    address = os.environ["RAY_REDIS_ADDRESS"].removeprefix("rediss://")
    host, _, port = address.rpartition(":")
    link = ssl.create_default_context().wrap_socket(socket.create_connection((host, int(port)), 10), server_hostname=host)
    words = [word.encode() for word in words]
    link.sendall(b"*%d\\r\\n" % len(words) + b"".join(b"$%d\\r\\n%s\\r\\n" % (len(word), word) for word in words))
    stream = link.makefile("rb")
    line = stream.readline()
    return stream.read(int(line[1:])).decode() if line[:1] == b"$" and line[1:3] != b"-1" else ""

def key():
    return "RAY" + os.environ["RAY_external_storage_namespace"] + "@KV"

def serve_in_background(what, folder):
    process = subprocess.Popen([sys.executable, "-m", "ray.commands", what, folder], start_new_session=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(PROCESS, "w") as file:
        file.write(str(process.pid))

def ray():
    os.makedirs(HOME, exist_ok=True)
    if sys.argv[1] == "--version":
        print("ray, version VERSION")
    elif sys.argv[1] == "start":
        if "RAY_REDIS_ADDRESS" in os.environ:
            kept = store("GET", key())
            if kept:
                serve_in_background(*kept.split("|"))
            store("SET", key().replace("KV", "JobCounter"), "1")
    elif sys.argv[1] == "stop" and os.path.exists(PROCESS):
        os.kill(int(open(PROCESS).read()), signal.SIGKILL)
        os.remove(PROCESS)

def serve():
    what, folder = sys.argv[-1], os.getcwd()
    if "RAY_REDIS_ADDRESS" in os.environ:
        store("SET", key(), what + "|" + folder)
    serve_in_background(what, folder)

def answer(what, folder):
    sys.path.insert(0, folder)
    module, _, name = what.partition(":")
    made = getattr(importlib.import_module(module), name).made()
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = made(self).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *_arguments): pass
    HTTPServer(("127.0.0.1", 8000), Handler).serve_forever()

if __name__ == "__main__":
    answer(*sys.argv[1:])
'''


def wheel() -> tuple[str, bytes]:
    """Its name, and the file."""
    info = f"ray-{VERSION}.dist-info"
    files = {
        "ray/__init__.py": RAY, "ray/serve.py": SERVE, "ray/commands.py": COMMANDS.replace("VERSION", VERSION),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: ray\nVersion: {VERSION}\nProvides-Extra: default\nProvides-Extra: serve\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nray = ray.commands:ray\nserve = ray.commands:serve\n"}
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in files) + f"{info}/RECORD,,\n"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return f"ray-{VERSION}-py3-none-any.whl", made.getvalue()


def pip() -> tuple[str, bytes]:
    """That of Python's own ensurepip."""
    import ensurepip
    [path] = (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")
    return path.name, path.read_bytes()
