#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every test: installs what is missing, builds with sanitizers and with both compilers, warnings being errors, and
# runs the unit tests, the gates, the template's tests, the local AWS's own tests and the end-to-end tests, and counts
# which lines of the engine and the checks the unit tests run. Prints how long each suite took, failures in full and
# nothing of the rest; the last line is the sum, "N passed, N failed[, N skipped]". Exit code 0 only when something ran
# and nothing failed. Results lie in build/results; a second run builds only what changed.

set -u
cd "$(dirname "$0")/.." || exit 1

sh testdata/install.sh test || exit 1
. testdata/venv.sh || exit 1
. testdata/environment.sh
sh testdata/python_packages.sh checkov testdata/template/requirements.txt || exit 1
sh testdata/python_packages.sh ray testdata/ray/requirements.txt || exit 1
sh testdata/node.sh differential || exit 1
sh testdata/node.sh template || exit 1

jobs=$(nproc)
results=build/results
rm -rf "$results"
mkdir -p "$results"

# suite NAME COMMAND ...: runs it, and notes its time, and "failed" for what is one test by itself, in its own files.
suite() {
	suite_name=$1
	shift
	suite_began=$(date +%s)
	"$@" >"$results/$suite_name.log" 2>&1
	suite_status=$?
	suite_seconds=$(($(date +%s) - suite_began))
	echo "$suite_seconds" >"$results/$suite_name.seconds"
	printf '== %-12s %4d s\n' "$suite_name" "$suite_seconds"
	return "$suite_status"
}

# step NAME COMMAND ...: a suite whose exit code is all that it tells.
step() {
	if suite "$@"; then
		echo passed >"$results/$1.step"
	else
		echo failed >"$results/$1.step"
		return 1
	fi
}

build() {
	cmake --preset "$1" -DCLOUDCTL_WERROR=ON && cmake --build --preset "$1"
}

# CTest's report carries each program's output, from which the single cases are counted.
unit_tests() {
	suite unit ctest --test-dir build/dev --parallel "$jobs" --output-junit "$(pwd)/$results/unit.xml" \
		--test-output-size-passed 10000000 --test-output-size-failed 10000000
}

# python_tests NAME FOLDER [pytest option ...]
python_tests() {
	python_name=$1 python_folder=$2
	shift 2
	suite "$python_name" "$VENV/bin/python" -m pytest --quiet --tb=short -p no:cacheprovider "$@" \
		--junit-xml="$results/$python_name.xml" "$python_folder"
	# A run that broke before its report was written must not pass for one without tests.
	[ -s "$results/$python_name.xml" ] || echo failed >"$results/$python_name.step"
}

# The share of lines of the engine, the IAM interpreter and the rooms that judge a cloud that their own unit tests run: a
# failure below 95 %. What changes a cloud is for the end-to-end tests.
coverage() {
	cmake --preset coverage && cmake --build --preset coverage --target aws_tests cloud_tests verify_tests &&
		find build/coverage -name '*.gcda' -delete &&
		ctest --test-dir build/coverage --label-regex '^(aws|cloud|verify)$' --parallel "$jobs" --output-on-failure &&
		"$VENV/bin/gcovr" --root . --filter verify/ --filter providers/aws/iam/ \
			--filter 'providers/aws/cloud/(checks|network|permissions|preflight)/' \
			--exclude '.*_test(_.*)?\.[ch]$' --exclude '.*/(fake_source|toy_table)\.[ch]$' --print-summary --fail-under-line 95 \
			build/coverage/verify build/coverage/providers
}

# One process each: beside the builds of the others, so that no processor waits for them.
of_one_process() {
	python_tests gates testdata/gates
	python_tests template testdata/template
	if [ "$built" = yes ]; then
		python_tests outputs testdata/outputs
		python_tests sigv4 testdata/sigv4
		python_tests wire testdata/wire
		python_tests differential testdata/differential
	fi
}

built=no
step build-dev build dev && built=yes
of_one_process &
[ "$built" = no ] || unit_tests
step build-clang build clang
step coverage coverage
grep '^lines:' "$results/coverage.log"
wait
# Many of these wait for something, so there are more of them than processors; and one that is done takes over from
# the others, because some tests take a minute.
more=$((jobs + 1))
python_tests local-aws testdata/local-aws/tests --numprocesses "$jobs" --dist loadfile
if [ "$built" = yes ]; then
	python_tests credentials testdata/credentials --numprocesses "$jobs" --dist worksteal
	python_tests e2e testdata/e2e --numprocesses "$more" --dist worksteal
fi

"$VENV/bin/python" testdata/tally.py "$results"
