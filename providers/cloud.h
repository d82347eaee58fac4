/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record of one cloud (design.md §3), and its form as YAML.
 *
 * Strings belong to the arena the record was made in; NULL means "not known" or "none". Nothing secret is in it.
 */
#ifndef CLOUDCTL_PROVIDERS_CLOUD_H
#define CLOUDCTL_PROVIDERS_CLOUD_H

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
	const char *bucket;           /* name, never an ARN */
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

struct cloud {
	const char *id;   /* cld_ + 26 of a-z2-7 */
	const char *name;
	const char *provider; /* "aws" */
	const char *region;
	const char *account;  /* 12 digits */
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
	struct cloud_operation operation;
};

/* 1–64 of A-Za-z0-9_.- beginning with a letter or digit (design.md §2). */
bool cloud_name_valid(const char *name);
bool cloud_id_valid(const char *id);

const char *cloud_networking_name(enum cloud_networking networking);  /* "direct", "private" */
const char *cloud_deployment_name(enum cloud_deployment deployment);  /* "managed", "registered" */
const char *cloud_state_name(enum cloud_state state);                 /* "creating", … */

/*
 * The record as a tree (new reference) with a "version: 1" member first, keys in a fixed order, unknown ones left out;
 * and back. cloud_from_tree() refuses unknown versions, members of the wrong type, invalid names, ids and enum words
 * with ERROR_INPUT that names the member; unknown members are refused as well, so that a typing slip does not lose a
 * value.
 */
json_t *cloud_to_tree(const struct cloud *cloud);
int cloud_from_tree(struct arena *arena, const json_t *tree, struct cloud *cloud, struct error *err);

#endif
