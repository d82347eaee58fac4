/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts: what AWS answered about one cloud. Each fact is KNOWN (with a reply tree), LOST (with the reason), or still
 * PENDING. A thing that does not exist is a KNOWN fact whose tree is JSON null: absence is knowledge.
 *
 * A fact made of several calls (one for each policy, say) is an object of replies by key; one lost call loses the
 * fact, a thing that vanished between two calls stands as JSON null under its key.
 *
 * The two facts ..._GROUPS hold the security groups that guard the mount targets and MemoryDB and are not among the
 * cloud's own, which SECURITY_GROUPS holds; absent when there are no others.
 */
#ifndef CLOUDCTL_VERIFY_FACTS_H
#define CLOUDCTL_VERIFY_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct cloud;

/* Name in files and messages, and the enum word. Order is the order of the plan and of saved facts. */
#define FACT_LIST(X) \
	X(IDENTITY, "identity") \
	X(VPC, "vpc") \
	X(VPC_DNS_SUPPORT, "vpc-dns-support") \
	X(VPC_DNS_HOSTNAMES, "vpc-dns-hostnames") \
	X(SUBNETS, "subnets") \
	X(ROUTE_TABLES, "route-tables") \
	X(NAT_GATEWAYS, "nat-gateways") \
	X(VPC_ENDPOINTS, "vpc-endpoints") \
	X(NETWORK_ACLS, "network-acls") \
	X(SECURITY_GROUPS, "security-groups") \
	X(CONTROL_PLANE_ROLE, "control-plane-role") \
	X(CONTROL_PLANE_POLICY_NAMES, "control-plane-policy-names") \
	X(CONTROL_PLANE_POLICIES, "control-plane-policies") \
	X(CONTROL_PLANE_ATTACHED, "control-plane-attached-policies") \
	X(CONTROL_PLANE_ATTACHED_VERSIONS, "control-plane-attached-versions") \
	X(CONTROL_PLANE_ATTACHED_DOCUMENTS, "control-plane-attached-documents") \
	X(NODE_ROLE, "node-role") \
	X(NODE_INSTANCE_PROFILES, "node-instance-profiles") \
	X(NODE_POLICY_NAMES, "node-policy-names") \
	X(NODE_POLICIES, "node-policies") \
	X(NODE_ATTACHED, "node-attached-policies") \
	X(NODE_ATTACHED_VERSIONS, "node-attached-versions") \
	X(NODE_ATTACHED_DOCUMENTS, "node-attached-documents") \
	X(BUCKET, "bucket") \
	X(BUCKET_POLICY, "bucket-policy") \
	X(BUCKET_CORS, "bucket-cors") \
	X(BUCKET_PUBLIC_ACCESS, "bucket-public-access") \
	X(BUCKET_ENCRYPTION, "bucket-encryption") \
	X(BUCKET_KEY, "bucket-key") \
	X(BUCKET_KEY_POLICY, "bucket-key-policy") \
	X(FILE_SYSTEM, "file-system") \
	X(MOUNT_TARGETS, "mount-targets") \
	X(MOUNT_TARGET_INTERFACES, "mount-target-interfaces") \
	X(MOUNT_TARGET_GROUPS, "mount-target-security-groups") \
	X(FILE_SYSTEM_POLICY, "file-system-policy") \
	X(FILE_SYSTEM_BACKUP, "file-system-backup") \
	X(MEMORYDB_CLUSTER, "memorydb-cluster") \
	X(MEMORYDB_SUBNET_GROUP, "memorydb-subnet-group") \
	X(MEMORYDB_GROUPS, "memorydb-security-groups") \
	X(MEMORYDB_PARAMETERS, "memorydb-parameters") \
	X(STACK, "stack") \
	X(VCPU_QUOTA, "vcpu-quota") \
	X(CONTROL_PLANE_SIMULATION, "control-plane-simulation") \
	X(NODE_SIMULATION, "node-simulation")

enum fact {
#define FACT_ENUM(word, name) FACT_##word,
	FACT_LIST(FACT_ENUM)
#undef FACT_ENUM
		FACTS,
};

/*
 * A set of facts: bit FACT_x. What setup asks beforehand has a list of its own (preflight.h); so where a fact of
 * either list may be meant, it is an unsigned number, less than FACTS.
 */
typedef uint64_t fact_set;
#define F(word) ((fact_set)1 << FACT_##word)

/* Numbers of rows of a table, as a row of another names them. */
struct index_list {
	const unsigned *items;
	size_t count;
};
#define INDEXES(...) \
	{ \
		.items = (const unsigned[]){__VA_ARGS__}, \
		.count = sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned) \
	}

enum fact_state { FACT_PENDING, FACT_KNOWN, FACT_LOST };

struct fact_value {
	enum fact_state state;
	const json_t *tree;        /* KNOWN: the reply, or JSON null when the thing does not exist */
	const struct error *error; /* LOST: why, with the action to grant; in the arena */
	const char *doing;         /* LOST: "describing subnets" */
};

struct facts {
	struct arena *arena;
	const struct cloud *cloud; /* what the facts are about */
	fact_set known, lost;      /* settled = known | lost */
	struct fact_value value[FACTS];
};

/* No fact settled, in arena. */
struct facts *facts_new(struct arena *arena, const struct cloud *cloud);

const char *fact_name(enum fact fact);

/* The tree of a fact: the reply, JSON null when the thing is absent, NULL while pending or when lost. */
const json_t *facts_tree(const struct facts *facts, unsigned fact);

/* KNOWN and not absent. */
bool facts_has(const struct facts *facts, unsigned fact);

/* Why a fact is lost; an error of kind ERROR_NONE when it is not. Never NULL; lives as long as the arena. */
const struct error *facts_error(const struct facts *facts, unsigned fact);

/* Settle a fact. tree is borrowed and must live as long as the arena; NULL means absent. *why is copied. */
void facts_learn(struct facts *facts, unsigned fact, const json_t *tree);
void facts_lose(struct facts *facts, unsigned fact, const char *doing, const struct error *why);

/*
 * Facts as a JSON document (new reference), and back:
 *
 *     {"schema": "cloudctl.facts/1", "cloud": RECORD,
 *      "facts": {"vpc": {"reply": TREE or null}, "stack": {"lost": {"doing": …, "kind": …, "code": …, …}}}}
 *
 * Pending facts are left out. The record is the caller's: facts_save() takes its reference over, facts_load() does not
 * look at it. facts_load() settles the document's facts, which must live as long as the arena; a wrong schema, an unknown
 * fact or error kind, or a member of the wrong type is ERROR_INPUT that names it.
 */
json_t *facts_save(const struct facts *facts, json_t *cloud);
int facts_load(struct facts *facts, const json_t *document, struct error *err);

#endif
