/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the MemoryDB cluster that keeps a head node's state. */
#include "providers/aws/cloud/checks/catalogue.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/network/port_access.h"

#define DEFAULT_GROUP "default.memorydb-"

enum { DEFAULT_PORT = 6379, LEAST_NODES = 2 };

static const json_t *cluster_of(const struct facts *facts)
{
	return tree_get(facts_tree(facts, FACT_MEMORYDB_CLUSTER), "Clusters.0");
}

static struct finding check_memorydb_exists(const struct facts *facts)
{
	const char *name = aws_cloud(facts->cloud)->resources.memorydb_cluster;
	const char *status = tree_text(cluster_of(facts), "Status");

	if (!facts_has(facts, FACT_MEMORYDB_CLUSTER))
		return finding_make(facts, VERDICT_FAIL, "MemoryDB cluster %s does not exist", name);
	if (text_is_among(status, "available updating snapshotting"))
		return finding_make(facts, VERDICT_PASS, "%s is %s", name, status);
	return finding_make(facts, VERDICT_FAIL, "%s is %s, not available", name, status);
}

static struct finding check_memorydb_vpc(const struct facts *facts)
{
	const char *vpc_id = tree_text(facts_tree(facts, FACT_MEMORYDB_SUBNET_GROUP), "SubnetGroups.0.VpcId");

	if (text_equal(vpc_id, aws_cloud(facts->cloud)->resources.vpc_id))
		return finding_make(facts, VERDICT_PASS, "it is in %s", vpc_id);
	return finding_make(facts, VERDICT_FAIL, "it is in %s, the cloud is in %s",
		*vpc_id ? vpc_id : "an unknown VPC", aws_cloud(facts->cloud)->resources.vpc_id);
}

static struct finding check_memorydb_subnets(const struct facts *facts)
{
	const json_t *group = tree_get(facts_tree(facts, FACT_MEMORYDB_SUBNET_GROUP), "SubnetGroups.0");
	struct text_list strangers = {0};

	TREE_EACH (subnet, group, "Subnets") {
		const char *id = tree_text(subnet, "Identifier");

		if (!text_list_has(&aws_cloud(facts->cloud)->resources.subnet_ids, id))
			text_list_add(facts->arena, &strangers, id);
	}
	if (tree_count(tree_get(group, "Subnets")) == 0)
		return finding_make(facts, VERDICT_FAIL, "its subnet group has no subnets");
	if (strangers.count == 0)
		return finding_make(facts, VERDICT_PASS, "its subnets are the cloud's");
	return finding_conclude(facts, (struct finding){.resources = strangers}, VERDICT_FAIL,
		"subnet group %s has subnets that are not the cloud's: %s", tree_text(group, "Name"),
		text_join(facts->arena, &strangers, ", "));
}

/* The cluster's addresses are not known; that its subnets are the cloud's is memorydb.subnets' business. */
static struct finding check_memorydb_security_group(const struct facts *facts)
{
	struct rules rules = port_access_rules(facts, FACT_MEMORYDB_GROUPS);
	struct text_list groups = tree_texts(facts->arena, cluster_of(facts), "SecurityGroups",
		"SecurityGroupId");
	struct text_list blocks = port_access_subnet_blocks(facts), done = {0};
	const char *unseen = port_access_unseen(facts, FACT_MEMORYDB_GROUPS, &groups);
	struct port_access in, out;
	struct finding finding = {0};
	int64_t port = DEFAULT_PORT;

	tree_number(cluster_of(facts), "ClusterEndpoint.Port", 1, UINT16_MAX, &port);
	in = port_access_in(facts, &rules, &groups, (int)port);
	out = port_access_out(facts, &groups, &blocks, (int)port);
	if (unseen && in.open != TRUTH_YES && out.open != TRUTH_NO)
		return finding_make(facts, VERDICT_UNKNOWN,
			"whether TCP %" PRId64
			" is allowed in to it is not known: AWS does not show its security group %s",
			port, unseen);
	remedy_reach(facts, &finding,
		&(struct remedy_port){&groups, (int)port, in.open != TRUTH_YES, out.open != TRUTH_YES},
		&done);
	if (in.open == TRUTH_NO)
		return finding_conclude(facts, finding, VERDICT_FAIL,
			"none of its security groups [%s] allows TCP %" PRId64 " in from the cloud's groups",
			text_join(facts->arena, &groups, ", "), port);
	if (out.open == TRUTH_NO)
		return finding_conclude(facts, finding, VERDICT_FAIL,
			"none of the cloud's security groups allows TCP %" PRId64 " out to its groups [%s]",
			port, text_join(facts->arena, &groups, ", "));
	if (truth_and(in.open, out.open) == TRUTH_MAYBE)
		finding = finding_conclude(facts, finding, VERDICT_WARN,
			"whether TCP %" PRId64
			" reaches it from the cloud depends on a prefix list, whose contents were not read",
			port);
	else
		finding = finding_make(facts, VERDICT_PASS, "TCP %" PRId64 " reaches it from the cloud",
			port);
	finding_evidence(facts, &finding, "%s", rule_text(facts->arena, in.by));
	finding_evidence(facts, &finding, "%s", rule_text(facts->arena, out.by));
	return finding;
}

static struct finding check_memorydb_tls(const struct facts *facts)
{
	if (tree_bool(cluster_of(facts), "TLSEnabled"))
		return finding_make(facts, VERDICT_PASS, "TLS is on");
	return finding_make(facts, VERDICT_FAIL, "TLS is off");
}

/* A shard says its number of nodes, and lists them; either will do. */
static int64_t nodes_of(const json_t *shard)
{
	int64_t nodes = (int64_t)tree_count(tree_get(shard, "Nodes"));

	tree_number(shard, "NumberOfNodes", 0, INT32_MAX, &nodes);
	return nodes;
}

static struct finding check_memorydb_replicas(const struct facts *facts)
{
	struct finding single = {0};

	TREE_EACH (shard, cluster_of(facts), "Shards") {
		if (nodes_of(shard) >= LEAST_NODES)
			continue;
		finding_evidence(facts, &single, "shard %s: %" PRId64 " node", tree_text(shard, "Name"),
			nodes_of(shard));
		finding_resource(facts, &single, tree_text(shard, "Name"));
	}
	if (tree_count(tree_get(cluster_of(facts), "Shards")) == 0) {
		single = finding_make(facts, VERDICT_FAIL, "MemoryDB lists no shards");
		remedy_say(facts, &single,
			"wait until the cluster lists its shards, and verify again; when it could not be created, create another one, and register the cloud with it as --memorydb-cluster-id");
		return single;
	}
	if (single.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "each shard has a replica");
	return finding_conclude(facts, single, VERDICT_FAIL, "%zu shards have no replica",
		single.evidence.count);
}

static struct finding check_memorydb_shards(const struct facts *facts)
{
	const json_t *cluster = cluster_of(facts);
	int64_t shards = (int64_t)tree_count(tree_get(cluster, "Shards"));

	tree_number(cluster, "NumberOfShards", 0, INT32_MAX, &shards);
	if (shards == 1)
		return finding_make(facts, VERDICT_PASS, "it has one shard");
	return finding_make(facts, VERDICT_FAIL, "it has %" PRId64 " shards", shards);
}

/* Who says neither name nor password is the user "default"; with a name, a user of type no-password takes any password. */
static bool lets_in_without_password(const json_t *user)
{
	return text_equal(tree_text(user, "Status"), "active") &&
		text_equal(tree_text(user, "Authentication.Type"), "no-password") &&
		!text_starts_with(tree_text(user, "AccessString"), "off");
}

static struct finding check_memorydb_users(const struct facts *facts)
{
	const char *name = tree_text(cluster_of(facts), "ACLName");
	struct finding locked = {0};

	if (text_equal(name, MEMORYDB_OPEN_ACL))
		return finding_make(facts, VERDICT_PASS, "its ACL " MEMORYDB_OPEN_ACL " demands no user");
	if (!*name)
		return finding_make(facts, VERDICT_UNKNOWN, "MemoryDB does not say which ACL it has");
	if (!facts_has(facts, FACT_MEMORYDB_ACL))
		return finding_make(facts, VERDICT_FAIL, "its ACL %s does not exist", name);
	TREE_EACH (user, facts_tree(facts, FACT_MEMORYDB_ACL), "ACLs.0.UserNames") {
		const char *id = tree_text(user, NULL);
		const json_t *found = tree_find(facts_tree(facts, FACT_MEMORYDB_USERS), "Users", "Name", id);

		if (lets_in_without_password(found))
			return finding_make(facts, VERDICT_PASS, "its ACL %s has user %s, without password",
				name, id);
		finding_evidence(facts, &locked, "%s: %s, %s", id, tree_text(found, "Authentication.Type"),
			tree_text(found, "AccessString"));
	}
	return finding_conclude(facts, locked, VERDICT_FAIL,
		"its ACL %s has no user without password, and head nodes log in without", name);
}

/* A group that AWS made, "default.memorydb-redis7" of the family memorydb_redis7, cannot be changed: the cluster gets its own. */
static void remedy_maxmemory(const struct facts *facts, const char *group, struct finding *finding)
{
	const char *cluster = tree_text(cluster_of(facts), "Name"), *family = group + strlen(DEFAULT_GROUP);
	struct arena *arena = facts->arena;
	const char *own = shell_word(arena, group);

	if (text_starts_with(group, DEFAULT_GROUP)) {
		own = shell_word(arena, arena_printf(arena, "cloudctl-%s", cluster));
		remedy_add(facts, finding,
			"memorydb create-parameter-group --parameter-group-name %s --family %s", own,
			shell_word(arena, arena_printf(arena, "memorydb_%s", family)));
	}
	remedy_add(facts, finding,
		"memorydb update-parameter-group --parameter-group-name %s --parameter-name-values ParameterName=maxmemory-policy,ParameterValue=allkeys-lru",
		own);
	if (text_starts_with(group, DEFAULT_GROUP))
		remedy_add(facts, finding,
			"memorydb update-cluster --cluster-name %s --parameter-group-name %s",
			shell_word(arena, cluster), own);
}

static struct finding check_memorydb_maxmemory_policy(const struct facts *facts)
{
	const json_t *parameter = tree_find(facts_tree(facts, FACT_MEMORYDB_PARAMETERS), "Parameters", "Name",
		"maxmemory-policy");
	const char *value = tree_text(parameter, "Value");
	const char *group = tree_text(cluster_of(facts), "ParameterGroupName");
	struct finding finding;

	if (text_equal(value, "allkeys-lru"))
		return finding_make(facts, VERDICT_PASS, "maxmemory-policy is allkeys-lru");
	finding = finding_make(facts, VERDICT_FAIL,
		"maxmemory-policy of parameter group %s is %s, not allkeys-lru", group,
		*value ? value : "not set");
	remedy_maxmemory(facts, group, &finding);
	return finding;
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "memorydb.exists", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_MEMORYDB_CLUSTER), .decide = check_memorydb_exists,
	 .holds = "the MemoryDB cluster exists and is available",
	 .why = "head nodes keep their state in it to survive failures",
	 .remedy = AWS("memorydb describe-clusters"),
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "memorydb-cluster", .reference = GUIDE "memorydb"},
	{.id = "memorydb.vpc", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_MEMORYDB_SUBNET_GROUP), .about = KINDS(KIND_VPC, KIND_MEMORYDB),
	 .decide = check_memorydb_vpc,
	 .holds = "the MemoryDB cluster is in the cloud's VPC",
	 .why = "it cannot be reached from outside its VPC",
	 .remedy = "create a MemoryDB cluster in {vpc}, and register the cloud with it as --memorydb-cluster-id",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-network", .reference = GUIDE "memorydb"},
	{.id = "memorydb.subnets", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_MEMORYDB_SUBNET_GROUP), .about = KINDS(KIND_VPC, KIND_MEMORYDB),
	 .decide = check_memorydb_subnets,
	 .holds = "the MemoryDB cluster uses the cloud's subnets",
	 .why = "its nodes are then in the same zones as the clusters that use it",
	 .remedy = "change the subnet group of the cluster to the cloud's subnets, or register the cloud with the cluster's",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-network", .reference = GUIDE "memorydb"},
	{.id = "memorydb.security-group", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_SUBNETS, FACT_SECURITY_GROUPS, FACT_MEMORYDB_CLUSTER, FACT_MEMORYDB_GROUPS),
	 .about = KINDS(KIND_VPC, KIND_SUBNETS, KIND_SECURITY_GROUPS, KIND_MEMORYDB),
	 .decide = check_memorydb_security_group,
	 .holds = "the security groups of the MemoryDB cluster allow its port (TCP 6379) in from the cloud's groups, and these allow it out",
	 .why = "a head node that cannot reach it does not start",
	 .remedy = "let the port out of the cloud's security groups, and in to those of {memorydb}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-traffic", .reference = GUIDE "memorydb"},
	{.id = "memorydb.tls", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_MEMORYDB_CLUSTER), .about = KINDS(KIND_MEMORYDB), .decide = check_memorydb_tls,
	 .holds = "TLS is on",
	 .why = "clusters connect with TLS, and without it their state would cross the network unencrypted",
	 .remedy = "create another cluster with TLS, which cannot be turned on later, and register the cloud with it as --memorydb-cluster-id",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-tls", .reference = GUIDE "memorydb"},
	{.id = "memorydb.replicas", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_MEMORYDB_CLUSTER), .about = KINDS(KIND_MEMORYDB), .part = "shard", .decide = check_memorydb_replicas,
	 .holds = "each shard has at least two nodes",
	 .why = "with a single node, one failure loses the state that head nodes need to recover",
	 .remedy = AWS("memorydb update-cluster --cluster-name {memorydb} --replica-configuration ReplicaCount=1"),
	 .requirement = REQUIREMENTS "memorydb-replicas", .reference = GUIDE "memorydb"},
	{.id = "memorydb.shards", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_MEMORYDB_CLUSTER), .about = KINDS(KIND_MEMORYDB), .decide = check_memorydb_shards,
	 .holds = "it has exactly one shard",
	 .why = "Ray reads its keys without following them to another shard, so a head node does not start on several",
	 .remedy = "reduce the cluster to one shard, whose nodes must be large enough for all keys: {memorydb}", .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-shards", .reference = AWS_DOCS "memorydb/latest/devguide/components.html"},
	{.id = "memorydb.users", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_MEMORYDB_CLUSTER, FACT_MEMORYDB_ACL, FACT_MEMORYDB_USERS), .about = KINDS(KIND_MEMORYDB),
	 .decide = check_memorydb_users,
	 .holds = "its ACL lets in without a password: open-access, or one with a user of that kind",
	 .why = "head nodes know no user and no password, and do not start where one is demanded",
	 .remedy = "give the cluster an ACL with a user without password, or open-access if its security groups are guard enough",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-users", .reference = AWS_DOCS "memorydb/latest/devguide/clusters.acls.html"},
	{.id = "memorydb.maxmemory-policy", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(FACT_MEMORYDB_CLUSTER, FACT_MEMORYDB_PARAMETERS), .about = KINDS(KIND_MEMORYDB),
	 .decide = check_memorydb_maxmemory_policy,
	 .holds = "maxmemory-policy is allkeys-lru",
	 .why = "otherwise a full cluster refuses to store anything more",
	 .remedy = "give {memorydb} a parameter group with maxmemory-policy allkeys-lru",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-eviction", .reference = GUIDE "memorydb"},
};
/* clang-format on */

const struct check_group memorydb_group = {.id = "memorydb", .name = "MemoryDB", CHECKS(rows)};
