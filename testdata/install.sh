#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# install.sh run|test: installs the Debian or Ubuntu packages that are missing, and only those, through apt-get.
# "run" is what building cloudctl and running the demo need; "test" adds what the tests need.

set -eu

run="gcc libc6-dev cmake ninja-build pkg-config libcurl4-openssl-dev libssl-dev libjansson-dev libyaml-dev
	libexpat1-dev libncurses-dev python3 python3-venv ca-certificates"
test="clang libcmocka-dev clang-format universal-ctags strace shellcheck"

case ${1-} in
run) packages=$run ;;
test) packages="$run $test" ;;
*)
	echo "usage: sh testdata/install.sh run|test" >&2
	exit 2
	;;
esac

missing_of() {
	for package; do
		status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) || true
		[ "$status" = installed ] || printf ' %s' "$package"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "install.sh: not root and there is no sudo; as root, run: apt-get install$missing" >&2
		exit 1
	fi
}

install_missing() {
	missing=$(missing_of "$@")
	[ -n "$missing" ] || return 0
	echo "install.sh: installing$missing" >&2
	as_root apt-get update -qq
	# shellcheck disable=SC2086 # one word a package
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	echo "install.sh: no apt-get here; going on, and needing what these Debian packages hold:" $packages >&2
	exit 0
fi
# shellcheck disable=SC2086
install_missing $packages
if [ "$1" = test ]; then
	# Node comes in other ways than as this package, too.
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		install_missing nodejs npm
	fi
	# Sanitizers for clang are a package of their own, named after clang's version.
	install_missing "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
fi
