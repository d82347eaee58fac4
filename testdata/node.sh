#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Installs the Node packages of testdata/differential/package-lock.json into build/node, none of their scripts run.
# Does nothing when the stamp, a hash of that file and of Node's version, is the same; a second caller waits.

set -eu
cd "$(dirname "$0")/.."
mkdir -p build
exec 9>build/node.lock
flock 9
want=$( { cat testdata/differential/package-lock.json && node --version; } | sha256sum)
[ "$(cat build/node/stamp 2>/dev/null)" != "$want" ] || exit 0
echo "node.sh: installing Node packages into build/node" >&2
rm -rf build/node
mkdir build/node
cp testdata/differential/package.json testdata/differential/package-lock.json build/node/
(cd build/node && npm ci --ignore-scripts --no-audit --no-fund --silent >&2)
echo "$want" >build/node/stamp
