# SPDX-License-Identifier: Apache-2.0
"""What MemoryDB offers: engine versions, node types, and the parameters of each family with their defaults.

From the MemoryDB Developer Guide ("Supported engine versions", "Supported node types", "Redis OSS
specific parameters").
"""

# (engine, version, newest patch, family)
ENGINE_VERSIONS = (
    ("redis", "6.2", "6.2.6", "memorydb_redis6"),
    ("redis", "7.0", "7.0.7", "memorydb_redis7"),
    ("redis", "7.1", "7.1.1", "memorydb_redis7"),
    ("valkey", "7.2", "7.2.6", "memorydb_valkey7"),
    ("valkey", "7.3", "7.3.0", "memorydb_valkey7"),
)
FAMILIES = tuple(dict.fromkeys(row[3] for row in ENGINE_VERSIONS))

_R_SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
NODE_TYPES = frozenset(
    ["db.t4g.small", "db.t4g.medium"]
    + [f"db.{kind}.{size}" for kind in ("r6g", "r7g") for size in _R_SIZES]
    + [f"db.r6gd.{size}" for size in ("xlarge", "2xlarge", "4xlarge", "8xlarge")])

SLOTS = 16384
_POLICIES = ("volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,"
             "volatile-ttl,noeviction")

# (name, default, allowed values, data type, description)
PARAMETERS = (
    ("acl-pubsub-default", "resetchannels", "resetchannels,allchannels", "string",
     "Default channel permissions of new users."),
    ("activedefrag", "no", "yes,no", "string", "Enabled active memory defragmentation."),
    ("active-defrag-cycle-max", "75", "1-75", "integer", "Maximal effort for defrag in CPU percentage."),
    ("active-defrag-cycle-min", "5", "1-75", "integer", "Minimal effort for defrag in CPU percentage."),
    ("active-defrag-ignore-bytes", "104857600", "1048576-", "integer",
     "Minimum amount of fragmentation waste to start active defrag."),
    ("active-expire-effort", "1", "1-10", "integer", "The effort to find expired keys."),
    ("activerehashing", "yes", "yes,no", "string", "Apply rehashing or not."),
    ("databases", "16", "1-10000", "integer", "Number of logical databases."),
    ("hash-max-listpack-entries", "512", "0-", "integer", "The maximum entries of a listpack hash."),
    ("hash-max-listpack-value", "64", "0-", "integer", "The longest value of a listpack hash."),
    ("latency-tracking", "no", "yes,no", "string", "Whether latency is tracked by command."),
    ("lazyfree-lazy-eviction", "no", "yes,no", "string", "Perform an asynchronous delete on evictions."),
    ("lfu-decay-time", "1", "0-", "integer", "Time in minutes to decrement the key counter."),
    ("lfu-log-factor", "10", "1-", "integer", "The log factor for incrementing the key counter."),
    ("list-compress-depth", "0", "0-", "integer", "Nodes at the ends of a list that are not compressed."),
    ("maxmemory-policy", "noeviction", _POLICIES, "string", "Max memory policy."),
    ("maxmemory-samples", "3", "1-", "integer", "Max memory samples."),
    ("notify-keyspace-events", "", "string", "string", "The keyspace events to notify Pub/Sub clients about."),
    ("slowlog-log-slower-than", "10000", "-", "integer", "Microseconds from which a command is logged."),
    ("slowlog-max-len", "128", "0-", "integer", "The length of the slow log."),
    ("stream-node-max-bytes", "4096", "0-", "integer", "The largest stream node in bytes."),
    ("stream-node-max-entries", "100", "0-", "integer", "The largest stream node in entries."),
    ("tcp-keepalive", "300", "0-", "integer", "Seconds between keep-alive probes."),
    ("timeout", "0", "0,20-", "integer", "Close the connection after a client is idle this many seconds."),
    ("tracking-table-max-keys", "1000000", "1-100000000", "integer", "The largest tracking table."),
    ("zset-max-listpack-entries", "128", "0-", "integer", "The maximum entries of a listpack sorted set."),
    ("zset-max-listpack-value", "64", "0-", "integer", "The longest value of a listpack sorted set."),
)
DEFAULTS = {row[0]: row[1] for row in PARAMETERS}
_ALLOWED = {row[0]: row[2:4] for row in PARAMETERS}


def allows(name: str, value: str) -> bool:
    """Whether the parameter exists and may have the value."""
    if name not in _ALLOWED:
        return False
    allowed, kind = _ALLOWED[name]
    if kind == "string":
        return allowed == "string" or value in allowed.split(",")
    if not value.lstrip("-").isdigit():
        return False
    low, _, high = allowed.rpartition(",")[2].partition("-")
    within = (not low or int(value) >= int(low)) and (not high or int(value) <= int(high))
    return within or value in allowed.split(",")


def default_group(family: str) -> str:
    """The name of a family's default parameter group."""
    return "default." + family.replace("_", "-")


def shard_slots(count: int) -> list[str]:
    """The slot range of each shard, "0-8191" …, together all 16384."""
    edges = [SLOTS * index // count for index in range(count + 1)]
    return [f"{start}-{end - 1}" for start, end in zip(edges, edges[1:])]
