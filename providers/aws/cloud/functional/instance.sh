# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables are set by launch_script.c, above this text
#
# What an instance looks at from inside, as root, and then ends itself. Each step is one line on the console and one more
# member of the report, which is sent whole each time: whoever reads it late or twice reads the same. ids and words of
# state are those of probes.h and instance_report.h. Needs what an image for Ray has: bash, coreutils, curl, Python 3.

set -u
umask 077
steps=
work=$(mktemp -d)
console=/dev/console
metadata=http://169.254.169.254/latest

# One line of printable characters that is safe inside JSON's quotes.
plain() {
	printf %s "$1" | tr -d '\042\134' | tr -c '[:print:]' ' ' | cut -c1-300
}

# say ID STATE DETAIL
say() {
	local detail
	detail=$(plain "$3")
	printf 'CLOUDCTL-%s %s %s %s %s\n' "$RUN" "$SECONDS" "$1" "$2" "$detail" >"$console"
	steps="$steps${steps:+,}{\"id\":\"$1\",\"state\":\"$2\",\"at\":$SECONDS,\"detail\":\"$detail\"}"
	printf '{"run":"%s","steps":[%s]}' "$RUN" "$steps" |
		curl -sS -m 10 --retry 2 -f -o "$work/sent" -X PUT -H 'Content-Type: application/json' --data-binary @- "$REPORT" \
			>/dev/null 2>&1
}

# --- metadata and signed requests ---

get() {
	curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/$1"
}

member() {
	printf %s "$credentials" | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"
}

# Signature Version 4 in Python, because curl signs the token of a session's credentials only since 7.87, and no header of
# its own. Reads the credentials from standard input; prints the HTTP status, and writes the answer to a file.
write_signer() {
	cat >"$work/sign.py" <<'END'
import datetime, hashlib, hmac, json, sys, urllib.error, urllib.parse, urllib.request
region, service, method, url, answer, body = sys.argv[1:7]
keys, body = json.load(sys.stdin), open(body, "rb").read()
parts, hash_of = urllib.parse.urlsplit(url), lambda data: hashlib.sha256(data).hexdigest()
now = datetime.datetime.utcnow().strftime("%Y%m%dT%H%M%SZ")
kind = "application/x-www-form-urlencoded" if service == "sts" else "application/octet-stream"
headers = {"content-type": kind, "host": parts.netloc, "x-amz-content-sha256": hash_of(body),
           "x-amz-date": now, "x-amz-security-token": keys["Token"]}
scope = "/".join((now[:8], region, service, "aws4_request"))
canonical = "\n".join((method, parts.path or "/", "&".join(sorted(parts.query.split("&"))),
                       *("%s:%s" % row for row in headers.items()), "", ";".join(headers), hash_of(body)))
key = ("AWS4" + keys["SecretAccessKey"]).encode()
for word in (*scope.split("/"), "\n".join(("AWS4-HMAC-SHA256", now, scope, hash_of(canonical.encode())))):
    key = hmac.new(key, word.encode(), "sha256").digest()
headers["authorization"] = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (
    keys["AccessKeyId"], scope, ";".join(headers), key.hex())
request = urllib.request.Request(url, body or None, headers, method=method)
try:
    reply = urllib.request.urlopen(request, timeout=120 if method == "GET" else 20)
except urllib.error.HTTPError as refusal:
    reply = refusal
open(answer, "wb").write(reply.read())
print(reply.status if hasattr(reply, "status") else reply.code)
END
	: >"$work/empty"
}

# signed SERVICE METHOD URL [FILE]: with the role's credentials, which are in no argument. Prints the HTTP status, 000 where
# there was no answer; the answer is in $work/answer, the complaint in $work/complaint.
signed() {
	: >"$work/answer"
	printf %s "$credentials" |
		python3 "$work/sign.py" "$REGION" "$1" "$2" "$3" "$work/answer" "${4:-$work/empty}" 2>"$work/complaint" || echo 000
}

# Why the last signed request failed; $1 is its status.
reason() {
	local code
	code=$(sed -n 's/.*<Code>\([^<]*\)<.*/\1/p' "$work/answer" 2>/dev/null | head -1)
	if [ "$1" = 000 ]; then tail -1 "$work/complaint"; else printf 'HTTP %s %s' "$1" "$code"; fi
}

# s3 METHOD KEY-OR-QUERY [FILE]: true with a status of 2xx; else $why says why not.
s3() {
	local status
	status=$(signed s3 "$1" "$BUCKET_URL$2" "${3:-}")
	case $status in
	2??) return 0 ;;
	esac
	why="$1: $(reason "$status")"
	return 1
}

# --- the steps ---

look_at_metadata() {
	token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 1800' "$metadata/api/token")
	instance=$(get instance-id)
	if [ -n "$instance" ]; then say boot ok "$instance is up"; else say boot failed 'no instance metadata'; fi
	role=$(get iam/security-credentials/ | head -1)
	credentials=$(get "iam/security-credentials/$role")
}

look_at_role() {
	local status arn
	if [ -z "$role" ] || [ -z "$(member AccessKeyId)" ]; then
		say role failed 'the instance metadata has no credentials of a role'
		return
	fi
	printf 'Action=GetCallerIdentity&Version=2011-06-15' >"$work/question"
	status=$(signed sts POST "$STS_URL/" "$work/question")
	arn=$(sed -n 's/.*<Arn>\([^<]*\)<.*/\1/p' "$work/answer" | head -1)
	if [ "$status" = 200 ]; then say role ok "$arn"; else say role unknown "$role; STS: $(reason "$status")"; fi
}

look_at_names() {
	local name missing=
	for name in $NAMES; do
		getent ahosts "$name" >/dev/null || missing="$missing $name"
	done
	if [ -z "$missing" ]; then say dns ok "$NAMES"; else say dns failed "no address for$missing"; fi
}

# look_at_host ID URL: any answer will do.
look_at_host() {
	local complaint
	if complaint=$(curl -sS -m 10 -o "$work/page" "$2" 2>&1); then say "$1" ok "$2"; else say "$1" failed "$2: $complaint"; fi
}

look_at_bucket() {
	local key="cloudctl/functional/$RUN/probe"
	printf '%s' "$RUN" >"$work/probe"
	if s3 PUT "/$key" "$work/probe" && s3 GET "/$key" && read_back &&
		s3 GET "?list-type=2&max-keys=1&prefix=cloudctl%2Ffunctional%2F$RUN%2F" && s3 DELETE "/$key"; then
		say s3 ok 'written, read, listed and deleted'
	else
		say s3 failed "$why"
	fi
}

read_back() {
	[ "$(cat "$work/answer")" = "$RUN" ] && return 0
	why='GET: another object than the one that was written'
	return 1
}

# mount_efs ADDRESS: with the helper where the image has it; else the kernel is told itself what the helper would tell.
mount_efs() {
	local options=nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport
	if command -v mount.nfs4 >/dev/null; then
		timeout 45 mount -t nfs4 -o "$options" "$1:/" "$work/efs" 2>&1
	else
		timeout 45 mount -i -t nfs4 -o "${options/nfsvers=4.1/vers=4.1},addr=$1,clientaddr=$(get local-ipv4)" "$1:/" "$work/efs" 2>&1
	fi
}

look_at_efs() {
	local address why file="$work/efs/cloudctl-$RUN"
	address=$(getent ahostsv4 "$EFS_NAME" | awk 'NR == 1 { print $1 }')
	address=${address:-$EFS_ADDRESS}
	mkdir -p "$work/efs"
	if [ -z "$address" ]; then
		say efs failed "no address for $EFS_NAME"
	elif ! why=$(mount_efs "$address"); then
		say efs failed "mounting $address: ${why:-no answer within 45 s}"
	elif printf %s "$RUN" 2>"$work/complaint" >"$file" && [ "$(cat "$file")" = "$RUN" ] && rm "$file"; then
		say efs ok "mounted from $address, written and read"
	else
		say efs failed "mounted from $address, but not writable: $(cat "$work/complaint")"
	fi
	rm -f "$file"
	timeout 20 umount "$work/efs" 2>/dev/null || umount -l "$work/efs" 2>/dev/null
}

# --- MemoryDB ---

# Prints MemoryDB's answer to a PING over TLS; with a pattern, deletes the keys that match it, and prints how many.
write_client() {
	cat >"$work/redis.py" <<'END'
import socket, ssl, sys
host, _, port = sys.argv[1].rpartition(":")
link = ssl.create_default_context().wrap_socket(socket.create_connection((host, int(port)), 10), server_hostname=host)
stream = link.makefile("rb")
def answer():
    line = stream.readline().decode().rstrip()
    kind, rest = line[:1], line[1:]
    if kind in ("-", ""): sys.exit(rest or "no answer")
    if kind == "$": return stream.read(int(rest) + 2)[:-2].decode() if rest != "-1" else ""
    return [answer() for _ in range(int(rest))] if kind == "*" else rest
def ask(*words):
    link.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words)))
    return answer()
cursor, gone = "0", 0
while len(sys.argv) > 2:
    cursor, keys = ask("SCAN", cursor, "MATCH", sys.argv[2], "COUNT", "1000")
    gone += sum(int(ask("DEL", key)) for key in keys)
    if cursor == "0": break
print(gone if len(sys.argv) > 2 else ask("PING"))
END
}

# With MemoryDB the head keeps what it knows there, in a namespace of its own.
look_at_memorydb() {
	local answer
	write_client
	if answer=$(timeout 30 python3 "$work/redis.py" "$REDIS" 2>&1); then
		say memorydb-tls ok "$REDIS answers $answer"
		export RAY_REDIS_ADDRESS=rediss://$REDIS RAY_external_storage_namespace=$RUN
	else
		say memorydb-tls failed "$REDIS: ${answer##*$'\n'}"
	fi
}

clean_memorydb() {
	local answer
	if answer=$(timeout 60 python3 "$work/redis.py" "$REDIS" "RAY$RUN@*" 2>&1); then
		say cleanup ok "$answer keys removed"
	else
		say cleanup failed "keys that begin with RAY$RUN@ may be left: ${answer##*$'\n'}"
	fi
}

# --- Ray ---

find_python() {
	local name
	for name in python3.13 python3.12 python3.11 python3.10 python3; do
		python=$(command -v "$name") && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' && return 0
	done
	return 1
}

# The wheels that an administrator has put into the bucket; see docs/functional.md.
fetch_wheels() {
	local key
	mkdir -p "$work/wheels"
	s3 GET '?list-type=2&prefix=cloudctl%2Fwheels%2F' || return 1
	grep -o '<Key>[^<]*\.whl</Key>' "$work/answer" | sed 's/<[^>]*>//g' >"$work/keys"
	while read -r key; do
		s3 GET "/${key//+/%2B}" && mv "$work/answer" "$work/wheels/${key##*/}"
	done <"$work/keys"
	[ -s "$work/keys" ]
}

# Images without pip: a wheel of pip is a program.
find_pip() {
	local url
	"$python" -m pip --version >/dev/null 2>&1 && pip=(-m pip) && return 0
	set -- "$work"/wheels/pip-*.whl
	if [ ! -e "$1" ]; then
		url=$(curl -sf -m 20 "$PYPI_URL/pip/" | sed -n 's/.*href="\([^"#]*\.whl\)[#"].*/\1/p' | tail -1)
		curl -sf -m 60 -o "$work/pip-0-py3-none-any.whl" "$url" || return 1
		set -- "$work/pip-0-py3-none-any.whl"
	fi
	pip=("$1/pip")
}

install_ray() {
	export PATH=$PATH:/opt/ray/bin:/usr/local/bin RAY_USAGE_STATS_ENABLED=0 PIP_BREAK_SYSTEM_PACKAGES=1
	local from=PyPI
	if command -v ray >/dev/null; then
		say ray-install ok "$(ray --version 2>&1), on the image"
		return 0
	fi
	if ! find_python; then
		say ray-install unknown 'the image has neither Ray nor Python 3.10 or later'
		return 1
	fi
	if fetch_wheels; then
		from="the bucket's wheels"
		set -- --no-index --find-links "$work/wheels"
	elif ! curl -sS -m 10 -o "$work/page" "$PYPI_URL/" 2>"$work/complaint"; then
		say ray-install unknown "no Ray on the image, no wheels under cloudctl/wheels/ in the bucket, and no PyPI: $(cat "$work/complaint")"
		return 1
	fi
	if find_pip && timeout 400 "$python" "${pip[@]}" install -q "$@" "ray[default,serve]==$RAY_VERSION" >"$work/pip.log" 2>&1; then
		say ray-install ok "Ray $RAY_VERSION from $from"
		return 0
	fi
	say ray-install failed "from $from: $(tail -1 "$work/pip.log" 2>/dev/null)"
	return 1
}

start_head() {
	timeout 120 ray start --head --port=6379 --num-cpus=2 --disable-usage-stats >"$work/ray.log" 2>&1
}

look_at_task() {
	local answer interpreter
	interpreter=$(dirname "$(readlink -f "$(command -v ray)")")/python3
	[ -x "$interpreter" ] || interpreter=$python
	answer=$(timeout 120 "$interpreter" -c 'import ray
ray.init(address="auto", log_to_driver=False, logging_level="ERROR")
print(ray.get(ray.remote(lambda: 6 * 7).remote()))' 2>&1 | tail -1)
	if [ "$answer" = 42 ]; then say ray-task ok 'a task ran'; else say ray-task failed "$answer"; fi
}

answers() {
	[ "$(curl -s -m 5 http://127.0.0.1:8000/)" = cloudctl ]
}

# answers_within SECONDS
answers_within() {
	local end=$((SECONDS + $1))
	until answers; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 1
	done
}

look_at_service() {
	cat >"$work/app.py" <<'END'
from ray import serve
@serve.deployment
class Service:
    def __call__(self, request): return "cloudctl"
app = Service.bind()
END
	if ! (cd "$work" && timeout 180 serve run --non-blocking app:app) >"$work/serve.log" 2>&1; then
		say serve-deploy failed "$(tail -1 "$work/serve.log")"
		return
	fi
	say serve-deploy ok 'a service is deployed'
	if ! answers_within 60; then
		say http failed 'the service does not answer on port 8000'
		return
	fi
	say http ok 'the service answers'
	if [ -n "${RAY_REDIS_ADDRESS:-}" ]; then look_at_head; fi
}

look_at_head() {
	timeout 60 ray stop --force >/dev/null 2>&1
	if answers; then
		say head-kill failed 'the service still answers'
		return
	fi
	say head-kill ok 'the head is killed, and the service with it'
	if ! start_head; then
		say head-restart failed "$(tail -1 "$work/ray.log")"
		return
	fi
	say head-restart ok 'a new head has started'
	if answers_within 120; then say http-again ok 'the service answers again'; else say http-again failed 'no answer within 120 s'; fi
}

look_at_ray() {
	install_ray || return
	if start_head; then
		say ray-start ok "$(ray --version 2>&1)"
		case $WHAT in *workspace*) look_at_task ;; esac
		case $WHAT in *service*) look_at_service ;; esac
	else
		say ray-start failed "$(tail -1 "$work/ray.log")"
	fi
	timeout 30 ray stop --force >/dev/null 2>&1
	if [ -n "${RAY_REDIS_ADDRESS:-}" ]; then clean_memorydb; fi
}

write_signer
look_at_metadata
look_at_role
look_at_names
look_at_host egress.s3 "$BUCKET_URL"
look_at_host egress.ecr "$ECR_URL"
look_at_host egress.pypi "$PYPI_URL/"
look_at_bucket
if [ -n "$EFS_NAME" ]; then look_at_efs; fi
if [ -n "$REDIS" ]; then look_at_memorydb; fi
look_at_ray
say end ok ''
rm -rf "$work"
shutdown -h now
