#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# node.sh NAME: installs the Node packages of testdata/NAME/package-lock.json into build/node-NAME, none of their
# scripts run and no peer that the lock leaves out. Does nothing when the stamp, a hash of that file and of Node's
# version, is the same; a second caller waits.

set -eu
cd "$(dirname "$0")/.."
folder=build/node-$1
mkdir -p build
exec 9>"$folder.lock"
flock 9
want=$( { cat "testdata/$1/package-lock.json" && node --version; } | sha256sum)
[ "$(cat "$folder/stamp" 2>/dev/null)" != "$want" ] || exit 0
echo "node.sh: installing Node packages into $folder" >&2
rm -rf "$folder"
mkdir "$folder"
cp "testdata/$1/package.json" "testdata/$1/package-lock.json" "$folder/"
(cd "$folder" && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --silent >&2)
echo "$want" >"$folder/stamp"
