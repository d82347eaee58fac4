/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record of one cloud (docs/design.md, "Records and the registry"), and its form as YAML.
 *
 * Strings belong to the arena the record was made in; NULL means "not known" or "none". Nothing secret is in it.
 */
#ifndef CLOUDCTL_PROVIDERS_RECORDS_CLOUD_H
#define CLOUDCTL_PROVIDERS_RECORDS_CLOUD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/event.h"
#include "base/text.h"

struct arena;

enum cloud_networking { NETWORKING_DIRECT, NETWORKING_PRIVATE };
enum cloud_deployment { DEPLOYMENT_MANAGED, DEPLOYMENT_REGISTERED };
enum cloud_state { CLOUD_CREATING, CLOUD_READY, CLOUD_FAILED, CLOUD_DELETING };

struct cloud_resources {
	const char *vpc_id;
	struct text_list subnet_ids;
	struct text_list security_group_ids;
	const char *control_plane_role_arn;
	const char *node_role_arn;
	const char *bucket; /* name, never an ARN */
	const char *file_system_id;
	const char *mount_target_ip;
	const char *memorydb_cluster; /* name; NULL: the cloud has none */
	const char *memorydb_arn;
	const char *memorydb_endpoint; /* "address:port" */
};

/* What was begun and not finished; written before the first call that changes anything. */
struct cloud_operation {
	const char *kind;  /* "setup", "register", "delete"; NULL when nothing is in progress */
	const char *token; /* ClientRequestToken of the stack operation; NULL when none is needed */
	const char *step;  /* the last step begun: "create-stack", "trust-policy" */
	const char *undo;  /* what to take back: the trust policy as it was, JSON text; NULL when nothing */
	const char *started;
};

struct cloud_verification {
	const char *at; /* RFC 3339; NULL: never verified */
	enum verdict verdict;
	size_t counts[VERDICTS];
};

/* A finding that the user has accepted; see verify/ignore.h for what it does. */
struct cloud_ignored {
	const char *check;    /* id: "subnets.public-ip" */
	const char *resource; /* "subnet-1"; NULL: whatever the finding is about */
	const char *reason;
	const char *since; /* RFC 3339, or NULL */
};

struct cloud_ignored_list {
	struct cloud_ignored *items;
	size_t count;
};

struct cloud {
	const char *id; /* cld_ + 26 of a-z2-7 */
	const char *name;
	const char *provider; /* "aws" */
	const char *region;
	const char *account; /* 12 digits */
	enum cloud_networking networking;
	enum cloud_deployment deployment;
	enum cloud_state state;
	struct cloud_resources resources;
	const char *stack_arn;
	const char *stack_name;
	const char *control_plane_account;
	const char *external_id;
	bool external_id_added; /* register added it to the trust policy, so delete takes it out again */
	const char *created, *updated; /* RFC 3339 */
	struct cloud_verification verification;
	struct cloud_ignored_list ignored;
	struct cloud_operation operation;
	const char *revision; /* the registry's mark of the record as it was read; not part of the YAML */
};

/* 1–64 of A-Za-z0-9_.- beginning with a letter or digit (docs/commands.md, "Which cloud"). */
bool cloud_name_valid(const char *name);
bool cloud_id_valid(const char *id);

const char *cloud_networking_name(enum cloud_networking networking); /* "direct", "private" */
const char *cloud_deployment_name(enum cloud_deployment deployment); /* "managed", "registered" */
const char *cloud_state_name(enum cloud_state state);                /* "creating", … */

/*
 * Names of regions and ids of accounts as they appear in host names and ARNs: "us-west-2", 12 digits. Whether
 * AWS knows the region is another question.
 */
bool cloud_region_valid(const char *region);
bool cloud_account_valid(const char *account);

/*
 * The record as a tree (new reference): "version: 1" first, then the members in a fixed order; what is NULL,
 * empty or false is left out. The keys are those of the structs above, in snake_case:
 *
 *     version id name provider region account networking deployment state
 *     resources: vpc_id subnet_ids security_group_ids control_plane_role_arn node_role_arn bucket
 *                file_system_id mount_target_ip memorydb_cluster memorydb_arn memorydb_endpoint
 *     stack_arn stack_name control_plane_account external_id external_id_added created updated
 *     verification: at verdict counts: {pass warn fail unknown skip}
 *     ignored: a list of {check resource reason since}
 *     operation: kind token step undo started
 *
 * This is also what `get -o yaml` prints and what `register -f` accepts; register takes name, region, provider,
 * networking, control_plane_account, external_id and resources from it and sets the rest itself.
 */
json_t *cloud_to_tree(const struct cloud *cloud);

/*
 * And back, into the arena. Every member may be missing (text is NULL then, words are the first of their enum);
 * what is there is checked: ERROR_INPUT names the member for another version, a wrong type, an invalid name, id,
 * region, account or word, and for an unknown member, so that a slip of the pen does not lose a value. Numbers
 * and true/false are accepted as text too, because YAML readers differ.
 */
int cloud_from_tree(struct arena *arena, const json_t *tree, struct cloud *cloud, struct error *err);

/* ERROR_INPUT names the first member that a record in the registry cannot do without: id, name, provider, region. */
int cloud_complete(const struct cloud *cloud, struct error *err);

#endif
