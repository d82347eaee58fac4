# SPDX-License-Identifier: Apache-2.0
#
# Sourced (". testdata/venv.sh", from anywhere in the checkout's root) by the scripts that need Python packages:
# has build/venv made from testdata/requirements.txt (python_packages.sh) and exports VENV, its path. Does not change
# PATH: say "$VENV/bin/python".

VENV=$(pwd)/build/venv
export VENV

[ -f testdata/requirements.txt ] || {
	echo "venv.sh: source it in the root of the checkout" >&2
	return 1
}
sh testdata/python_packages.sh venv testdata/requirements.txt
