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
#include "base/member.h"
#include "base/text.h"
#include "providers/records/operation_history.h"
#include "verify/ignore.h"

struct arena;

enum cloud_networking { NETWORKING_DIRECT, NETWORKING_PRIVATE };
enum cloud_deployment { DEPLOYMENT_MANAGED, DEPLOYMENT_REGISTERED };
enum cloud_state { CLOUD_CREATING, CLOUD_READY, CLOUD_FAILED, CLOUD_DELETING };

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
	const char *id; /* cld_ + 26 of a-z2-7 */
	const char *name;
	const char *provider; /* "aws" */
	const char *region;
	const char *account;
	enum cloud_networking networking;
	enum cloud_deployment deployment;
	enum cloud_state state;
	const char *created, *updated; /* RFC 3339 */
	struct cloud_verification verification;
	struct ignored_list ignored;
	struct cloud_operation operation;
	struct history history;
	const char *revision; /* the registry's mark of the record as it was read; not part of the YAML */
	const struct cloud_schema *schema; /* how section is written; NULL: the cloud has no section */
	void *section;                     /* the provider's struct, in the arena; NULL: none */
};

/* What a provider keeps in the records of its clouds, and what it asks of the envelope. */
struct cloud_schema {
	const char *provider;               /* the record's "provider": "aws" */
	const struct member_table *section; /* of what cloud.section points to; NULL: nothing */
	bool region_needed;                 /* a record without a region is incomplete */
	bool (*region_valid)(const char *); /* NULL accepts any; and so below */
	const char *region_form;            /* what region_valid accepts, for the message */
	bool (*account_valid)(const char *);
	const char *account_form;
};

/* 1–64 of A-Za-z0-9_.- beginning with a letter or digit (docs/commands.md, "Which cloud"). */
bool cloud_name_valid(const char *name);
bool cloud_id_valid(const char *id);

/* The words of these enums, and NULL. */
extern const char *const cloud_networking_names[], *const cloud_deployment_names[],
							   *const cloud_state_names[];

/*
 * The cloud with a section of its own: to change a copy and keep the other as it is. Texts and lists, which nobody
 * changes in place, are those of the other.
 */
struct cloud cloud_copy(struct arena *arena, const struct cloud *cloud);

/*
 * The record as a tree (new reference): "version: 1" first, then the members in a fixed order; what is NULL,
 * empty or false is left out. The keys are those of the structs above, in snake_case:
 *
 *     version id name provider region account networking deployment state
 *     the provider's members
 *     created updated
 *     verification: at verdict counts: {pass warn fail unknown skip}
 *     ignored: a list of {check resource reason since}
 *     operation: kind token step undo started
 *     history: a list of {kind started ended by result steps}
 *
 * This is also what `get -o yaml` prints and what `register -f` accepts; register takes name, region, provider,
 * networking and the members that its options have from it and sets the rest itself.
 */
json_t *cloud_to_tree(const struct cloud *cloud);

/*
 * And back, into the arena. schemas: those of all providers, ended by NULL; the record's provider chooses, and the first
 * is that of a record that names none. Every member may be missing (text is NULL then, words are the first of their enum);
 * what is there is checked: ERROR_INPUT names the member for another version, a wrong type, an invalid name, id,
 * region, account or word, and for an unknown member, so that a slip of the pen does not lose a value. Numbers
 * and true/false are accepted as text too, because YAML readers differ.
 */
int cloud_from_tree(struct arena *arena, const struct cloud_schema *const *schemas, const json_t *tree,
	struct cloud *cloud, struct error *err);

/*
 * ERROR_INPUT names the first member that a record in the registry cannot do without: id, name, provider, and region
 * where the provider needs one.
 */
int cloud_complete(const struct cloud *cloud, struct error *err);

#endif
