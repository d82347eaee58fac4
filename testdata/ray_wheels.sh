#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes build/ray-wheels, the wheelhouse that an instance installs Ray from (docs/functional.md), for this computer's Python: about
# 140 MB, once. Only testdata/e2e/test_functional_ray.py wants it; without it that test is skipped.

set -eu
cd "$(dirname "$0")/.."
. testdata/venv.sh
wheels=build/ray-wheels
[ ! -d "$wheels" ] || exit 0
version=$(sed -n 's/^#define RAY_VERSION "\(.*\)"$/\1/p' providers/aws/cloud/functional/launch_script.h)
python=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
rm -rf "$wheels.part"
"$VENV/bin/python" -m pip download --quiet --disable-pip-version-check --no-input --dest "$wheels.part" \
	--python-version "$python" --only-binary :all: "ray[default,serve]==$version" pip
mv "$wheels.part" "$wheels"
