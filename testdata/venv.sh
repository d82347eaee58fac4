# SPDX-License-Identifier: Apache-2.0
#
# Sourced (". testdata/venv.sh", from anywhere in the checkout's root) by the scripts that need Python packages:
# makes build/venv from testdata/requirements.txt and exports VENV, its path. Installs only when the stamp, a
# hash of that file and of the interpreter's version, differs; so a second run does nothing. Two callers at the
# same time are safe: the second waits. Does not change PATH: say "$VENV/bin/python".

VENV=$(pwd)/build/venv
export VENV

cloudctl_make_venv() {
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
		echo "venv.sh: needs python3 3.11 or later" >&2
		return 1
	}
	cloudctl_want=$( { cat testdata/requirements.txt && python3 --version && echo "$VENV"; } | sha256sum) || return 1
	[ "$(cat "$VENV/stamp" 2>/dev/null)" = "$cloudctl_want" ] && return 0
	echo "venv.sh: installing Python packages into build/venv" >&2
	rm -rf "$VENV"
	python3 -m venv "$VENV" &&
		"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
			--requirement testdata/requirements.txt >&2 &&
		"$VENV/bin/python" -m pip check >&2 &&
		echo "$cloudctl_want" >"$VENV/stamp"
}

[ -f testdata/requirements.txt ] || {
	echo "venv.sh: source it in the root of the checkout" >&2
	return 1
}
mkdir -p build
exec 9>build/venv.lock
flock 9
cloudctl_make_venv
cloudctl_venv_status=$?
exec 9>&-
return "$cloudctl_venv_status"
