/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a change set is going to change, resource by resource, in words and judged (AWS CloudFormation API Reference,
 * DescribeChangeSet, ResourceChange). Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_STACK_CHANGE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_STACK_CHANGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct arena;

/* What becomes of clusters and data; ordered, the worst last. */
enum change_judgement {
	CHANGE_SAFE,       /* nobody notices: tags, policies, rules, something more */
	CHANGE_INTERRUPTS, /* what runs may lose what it uses */
	CHANGE_LOSES_DATA,
	CHANGE_IMPOSSIBLE, /* CloudFormation would refuse it, half-way */
};

/* "safe", "interrupts", "loses data", "impossible", and NULL. */
extern const char *const change_judgement_names[];

struct stack_change {
	const char *logical_id, *type;
	const char *physical_id;   /* "" of what is added */
	const char *name;          /* "Control-plane role" */
	const char *action;        /* AWS's word: Add, Modify, Remove, Import, Dynamic */
	const char *policy_action; /* Delete, Retain, Snapshot, ReplaceAndDelete …; "" */
	const char *replacement;   /* True, False, Conditional; "" */
	enum change_judgement judgement;
	const char *why; /* "is replaced by an empty one": of what is not safe, or stays behind; NULL */
	struct text_list details;     /* of each property that changes (property_diff.h) */
	const json_t *before, *after; /* all properties; NULL: AWS does not give them, or there are none */
};

/* In AWS's order; all in arena. */
struct stack_changes {
	struct stack_change *items;
	size_t count;
};

/* The reply to DescribeChangeSet with IncludePropertyValues, all pages of it. */
struct stack_changes stack_changes_read(struct arena *arena, const json_t *reply);

/* Do resources of this type of the template hold a user's data? */
bool stack_type_holds_data(const char *type);

/* The change's sign for a list: '+' added, '-' removed, '!' replaced, '~' changed in place. */
char stack_change_sign(const struct stack_change *change);

#endif
