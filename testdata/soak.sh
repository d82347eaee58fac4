#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The long trials, run by hand before a release: every kill, every fault at a file call, every odd reply, every edit of a
# record, of which testdata/test.sh takes a sample. Needs what test.sh installs and builds, and does both where it is missing. The last
# line is the sum, "N passed, N failed[, N skipped]"; exit code 0 only when something ran and nothing failed. Results lie
# in build/soak, with the page about them: docs/reliability.md is a copy of build/soak/reliability.md.

set -u
cd "$(dirname "$0")/.." || exit 1

sh testdata/install.sh test || exit 1
. testdata/venv.sh || exit 1
. testdata/environment.sh

jobs=$(($(nproc) + 1))
results=build/soak
rm -rf "$results"
mkdir -p "$results"

export CLOUDCTL_SOAK=all

{ cmake --preset dev -DCLOUDCTL_WERROR=ON && cmake --build --preset dev; } >"$results/build.log" 2>&1
if [ $? -eq 0 ]; then
	echo passed >"$results/build.step"
	# trial: a file of testdata/e2e with a table that is longer in the long run
	for trial in $("$VENV/bin/python" testdata/reliability.py --trials); do
		began=$(date +%s)
		"$VENV/bin/python" -m pytest --quiet --tb=short -p no:cacheprovider --numprocesses "$jobs" --dist worksteal \
			--junit-xml="$results/$trial.xml" "testdata/e2e/test_$trial.py" >"$results/$trial.log" 2>&1
		echo "$(($(date +%s) - began))" >"$results/$trial.seconds"
		# A run that broke before its report was written must not pass for one without tests.
		[ -s "$results/$trial.xml" ] || echo failed >"$results/$trial.step"
	done
else
	echo failed >"$results/build.step"
fi

"$VENV/bin/python" testdata/reliability.py "$results" >"$results/reliability.md"
"$VENV/bin/python" testdata/tally.py "$results"
