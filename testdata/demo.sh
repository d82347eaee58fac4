#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The main job before your eyes, on a local AWS: sets a cloud up, lists and verifies it, and deletes it. Installs
# what is missing, builds, cleans up after itself; the exit code is that of the first command that went wrong.
# Nothing outside the checkout is written but a temporary folder, and no request leaves this machine.

set -eu
cd "$(dirname "$0")/.."

sh testdata/install.sh run
. testdata/venv.sh

mkdir -p build
if ! { cmake --preset release && cmake --build --preset release; } >build/demo-build.log 2>&1; then
	cat build/demo-build.log >&2
	echo "demo.sh: the build failed" >&2
	exit 1
fi

temporary=$(mktemp -d)
server=
clean_up() {
	status=$?
	trap - EXIT INT TERM HUP
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$temporary"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# The user's own AWS settings must not reach the demo, nor its credentials any endpoint.
for name in $(env | sed -n 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done

# The read waits for the server's first line, and ends empty if the server dies before it.
mkfifo "$temporary/ready"
testdata/local-aws/serve --port 0 --step-delay 0.3 >"$temporary/ready" 2>"$temporary/server.log" &
server=$!
exec 3<"$temporary/ready"
read -r line <&3 || line=
case $line in
"local-aws ready http://127.0.0.1:"*) ;;
*)
	cat "$temporary/server.log" >&2
	echo "demo.sh: the local AWS did not start" >&2
	exit 1
	;;
esac

export AWS_ENDPOINT_URL="${line#local-aws ready }"
export AWS_ACCESS_KEY_ID=AKIALOCALAWS00000001
export AWS_SECRET_ACCESS_KEY=local-aws-secret-not-for-production-use
export AWS_REGION=us-west-2
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export XDG_STATE_HOME="$temporary/state"
PATH="$(pwd)/build/release:$PATH"

show() {
	printf '\n$ %s\n' "$*"
	"$@" && return
	status=$?
	echo "demo.sh: '$*' ended with code $status" >&2
	exit "$status"
}

echo "Local AWS on $AWS_ENDPOINT_URL"
show cloudctl setup --name demo --provider aws --region us-west-2 --yes --no-wait
show cloudctl list
show cloudctl verify --name demo --no-wait
show cloudctl get demo
show cloudctl delete --name demo --yes --no-wait
