#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every test: installs what is missing, builds with sanitizers and with both compilers, warnings being errors, and
# runs the unit tests, the gates, the template's tests, the local AWS's own tests and the end-to-end tests, and counts
# which lines of the engine and the checks the unit tests run. Prints failures in full and nothing of the rest; the last line is the sum,
# "N passed, N failed[, N skipped]". Exit code 0 only when something ran and nothing failed. Results lie in
# build/results; a second run builds only what changed.

set -u
cd "$(dirname "$0")/.." || exit 1

sh testdata/install.sh test || exit 1
. testdata/venv.sh || exit 1

jobs=$(nproc)
results=build/results
rm -rf "$results"
mkdir -p "$results"

# Real settings and credentials of whoever runs this must reach no test.
for name in $(env | sed -n 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true

build() {
	echo "== build $1"
	if { cmake --preset "$1" -DCLOUDCTL_WERROR=ON && cmake --build --preset "$1"; } >"$results/build-$1.log" 2>&1; then
		echo passed >"$results/build-$1.step"
	else
		echo failed >"$results/build-$1.step"
		return 1
	fi
}

# CTest's report carries each program's output, from which the single cases are counted.
unit_tests() {
	echo "== unit tests"
	ctest --test-dir build/dev --parallel "$jobs" --output-junit "$(pwd)/$results/unit.xml" \
		--test-output-size-passed 10000000 --test-output-size-failed 10000000 >"$results/unit.log" 2>&1
}

# python_tests NAME FOLDER [pytest option ...]
python_tests() {
	suite=$1 folder=$2
	shift 2
	[ -d "$folder" ] || return 0
	echo "== $suite"
	"$VENV/bin/python" -m pytest --quiet --tb=short -p no:cacheprovider "$@" \
		--junit-xml="$results/$suite.xml" "$folder" >"$results/$suite.log" 2>&1
	# A run that broke before its report was written must not pass for one without tests.
	[ -s "$results/$suite.xml" ] || { echo failed >"$results/$suite.step"; }
}

# The share of lines of the engine, the checks and the IAM interpreter that their own unit tests run: printed, and a failure below 95 %.
coverage() {
	echo "== coverage of verify, checks and IAM"
	if {
		cmake --preset coverage && cmake --build --preset coverage --target aws_tests cloud_tests &&
			find build/coverage -name '*.gcda' -delete &&
			ctest --test-dir build/coverage --label-regex '^(aws|cloud)$' --parallel "$jobs" --output-on-failure &&
			"$VENV/bin/gcovr" --root . --filter verify/ --filter providers/aws/iam/ --filter 'providers/aws/cloud/.*/' --exclude '.*_test\.[ch]$' --exclude '.*/fake_aws\.[ch]$' \
				--print-summary --fail-under-line 95 build/coverage/verify build/coverage/providers
	} >"$results/coverage.log" 2>&1; then
		echo passed >"$results/coverage.step"
	else
		echo failed >"$results/coverage.step"
	fi
	grep '^lines:' "$results/coverage.log"
}

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
if build dev; then
	unit_tests
fi
build clang
coverage
python_tests gates testdata/gates
python_tests template testdata/template
python_tests local-aws testdata/local-aws/tests --numprocesses "$jobs" --dist loadfile
if [ "$(cat "$results/build-dev.step")" = passed ]; then
	python_tests outputs testdata/outputs
	python_tests sigv4 testdata/sigv4
	python_tests wire testdata/wire
	python_tests credentials testdata/credentials --numprocesses "$jobs" --dist loadfile
	python_tests e2e testdata/e2e --numprocesses "$jobs" --dist loadfile
fi

"$VENV/bin/python" testdata/tally.py "$results"
