#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# python_packages.sh NAME REQUIREMENTS: makes the virtual environment build/NAME, with the packages that the file
# REQUIREMENTS pins. Installs only when the stamp, a hash of that file and of the interpreter's version, differs; so a
# second run does nothing. Two callers at the same time are safe: the second waits.

set -eu
cd "$(dirname "$0")/.."
venv=$(pwd)/build/$1
mkdir -p build
exec 9>"$venv.lock"
flock 9
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
	echo "python_packages.sh: needs python3 3.11 or later" >&2
	exit 1
}
want=$( { cat "$2" && python3 --version && echo "$venv"; } | sha256sum)
[ "$(cat "$venv/stamp" 2>/dev/null)" != "$want" ] || exit 0
echo "python_packages.sh: installing Python packages into build/$1" >&2
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --requirement "$2" >&2
"$venv/bin/python" -m pip check >&2
echo "$want" >"$venv/stamp"
