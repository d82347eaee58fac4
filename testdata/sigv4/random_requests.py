# SPDX-License-Identifier: Apache-2.0
"""Random requests as a client would send them, the same ones for the same seed."""

import random
from urllib.parse import quote

SAFE = "abcXYZ019-._~"
AWKWARD = " /+=&%*:@!$'(),;?#[]\"<>|\\^`{}\t~é€😀ß日"
SERVICES = ["ec2", "iam", "sts", "elasticfilesystem", "memorydb", "cloudformation", "s3", "s3", "s3"]
REGIONS = ["us-east-1", "us-west-2", "eu-central-1", "us-gov-west-1", "cn-north-1"]
UNSIGNED = ["User-Agent: cloudctl/1", "Expect: 100-continue", "X-Amzn-Trace-Id: Root=1"]


def text(rng, longest, alphabet=SAFE + AWKWARD):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, longest)))


def path(rng, service):
    segments = [rng.choice(["", ".", "..", text(rng, 12), text(rng, 4, SAFE)]) for _ in range(rng.randint(0, 5))]
    return "/" + "/".join(quote(s, safe="-_.~" if service != "s3" else "/-_.~") for s in segments)


def query(rng, repeats):
    names = [text(rng, 8) or "k" for _ in range(rng.randint(0, 6))]
    if names and repeats and rng.random() < 0.3:
        names.append(names[0])
    if not repeats:
        names = list(dict.fromkeys(names))
    pieces = [quote(n, safe="-_.~") + rng.choice(["", "=", "=" + quote(text(rng, 10), safe="-_.~")]) for n in names]
    return "&".join(pieces)


def headers(rng):
    lines = []
    if rng.random() < 0.6:
        lines.append("Content-Type: " + rng.choice(["application/json", "text/plain;  charset=utf-8"]))
    for number in range(rng.randint(0, 4)):
        blank = rng.choice([" ", "", "   ", "\t "])
        lines.append(f"X-Amz-Meta-{rng.choice('abc')}{number}:{blank}{text(rng, 10, SAFE + ' ,;=  ')}{blank}")
    if rng.random() < 0.2:
        lines.append('If-Match: "0123"')
    if rng.random() < 0.3:
        lines.append(rng.choice(UNSIGNED))
    return lines


def host(rng, service, region):
    return rng.choice([
        f"https://{service}.{region}.amazonaws.com", f"https://{service}.{region}.amazonaws.com:443",
        "http://localhost:9000", "http://127.0.0.1", "http://127.0.0.1:80", "https://example.org:8443",
        "http://[::1]:4566", f"https://my-bucket.{service}.{region}.amazonaws.com",
    ])


def make(rng):
    service, region = rng.choice(SERVICES), rng.choice(REGIONS)
    request = {
        "method": rng.choice(["GET", "PUT", "POST", "HEAD", "DELETE"]),
        "url": host(rng, service, region) + path(rng, service),
        "headers": headers(rng),
        "body": text(rng, 60) if rng.random() < 0.6 else "",
        "service": service, "region": region,
        "at_ms": rng.randint(0, 4102444800) * 1000,
        "access_key": "AKID" + text(rng, 16, SAFE),
        "secret_key": text(rng, 40, SAFE + "/+=") or "s",
        "token": text(rng, 80, SAFE + "/+=") if rng.random() < 0.4 else "",
    }
    presign = rng.random() < 0.3
    parameters = query(rng, repeats=not presign)
    if parameters:
        request["url"] += "?" + parameters
    if presign:
        # botocore keeps one value of a repeated name, and moves the body into the query: neither is asked here.
        request.update(expires=rng.randint(1, 604800), body="")
    return request


def requests(seed, count):
    rng = random.Random(seed)
    return [make(rng) for _ in range(count)]
