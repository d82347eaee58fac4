/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeps a managed cloud from being deleted: the survey's facts, judged. CloudFormation deletes what it can and ends with
 * DELETE_FAILED at the first thing that is in use, when the data is gone already; so all of it is found before. Pure.
 *
 * Sources: DeleteVpc, DeleteSubnet, DeleteSecurityGroup, DetachInternetGateway and DeleteRouteTable in the Amazon EC2 API
 * Reference; DeleteFileSystem in the Amazon EFS API Reference; DeleteRole in the IAM API Reference.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_BLOCKERS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_BLOCKERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct arena;
struct facts;

struct blocker {
	const char *kind;  /* "instance"; never renamed */
	const char *id;    /* what its service calls it */
	const char *state; /* its service's word: "running"; NULL */
	const char *owner; /* who made it, as far as it shows: "of the stack web"; NULL: it does not */
	/* what cannot be deleted because of it: names of the stack's resources, "Subnet 1" */
	struct text_list holds;
	const char *command; /* that removes it, for a shell; NULL: none is safe, or it is going already */
	const char *advice;  /* what to do instead, without an end; NULL: there is a command */
	bool tagged;         /* it has the tag that the cloud's control plane gives to what it makes */
	bool cleans;         /* `--clean` takes it away */
	bool harmless;       /* it is in nobody's way: only `--clean` has to do with it */
	const char *target;  /* its id, or its ARN where it is removed by that */
	const char *key;     /* the role that it belongs to; "" */
};

struct blockers {
	struct blocker *items;
	size_t count;
};

/* What was not seen, because AWS did not answer. */
struct unseen {
	const char *doing;  /* "looking for instances" */
	const char *action; /* the permission to grant; "" when that is not the reason */
	const char *why;    /* the error as a line */
	unsigned fact;
};

struct unseens {
	struct unseen *items;
	size_t count;
};

/*
 * Everything that is in the way, each thing once, in the order in which it is best removed; in facts->arena. cleans: and what
 * is in nobody's way, but has the cloud's tag.
 */
struct blockers blockers_find(const struct facts *facts, bool cleans);

/* How many of them stop a deletion: with cleans, those that `--clean` does not take away. */
size_t blockers_stopping(const struct blockers *blockers, bool cleans);

/* The lost facts of the survey, each reason once; in facts->arena. */
struct unseens blockers_unseen(const struct facts *facts);

/* "instance i-1 (running, of the stack web) holds Subnet 1, Security group", in arena. */
const char *blocker_name(struct arena *arena, const struct blocker *blocker);

/* The same, then ": " and its command or advice. */
const char *blocker_text(struct arena *arena, const struct blocker *blocker);

/* --- the table, and what its functions work with; for blockers.c and blocker_rows.c alone --- */

/* An element of a reply that may be a blocker. */
struct candidate {
	const struct facts *facts;
	const struct blocker_row *row;
	const json_t *element;
	const char *key; /* of the reply that holds it, where the fact is several replies by key; else "" */
	const char *id;
};

/*
 * Which elements of a fact are blockers. Paths go through a reply: "*" is every element of a list, "@" every reply by key.
 * Patterns have {id}, {with}, {key}, {vpc}, {region}, {account}, {partition}, {acl}, the VPC's default network ACL.
 */
struct blocker_row {
	const char *kind;
	unsigned fact;
	const char *each; /* where the elements are; "": the reply itself */
	const char *id;   /* the path of their id; NULL: the element is its id */
	bool own;         /* the stack's own may block too; else what the stack made never does */
	bool (*blocks)(const struct candidate *candidate); /* NULL: all of it does */
	const char *in; /* paths of ids of the stack's resources that it holds, separated by spaces; NULL */
	const char *holds;  /* logical ids of others that it holds, separated by spaces; NULL */
	const char *state;  /* the path of its state; NULL */
	const char *ending; /* states in which it is going already, separated by spaces; NULL */
	const char *with;   /* the path of {with} */
	/* a command for each element there, to come before the other: its {with} is at before_with */
	const char *before_each, *before, *before_with;
	const char *command; /* NULL: command_of(), or none */
	const char *(*command_of)(const struct candidate *candidate);
	const char *advice;                                       /* where there is no command */
	const json_t *(*tags)(const struct candidate *candidate); /* NULL: its tagSet */
	bool (*ours)(
		const struct candidate *candidate); /* the cloud's own although it has no tag; NULL: not */
	bool harmless; /* in nobody's way, and a row only where it has the cloud's tag */
	/* fill in what the row cannot say; NULL: nothing */
	void (*know)(const struct candidate *candidate, struct blocker *blocker);
};

extern const struct blocker_row blocker_rows[];
extern const size_t blocker_row_count;

/* A pattern of a row filled in, its values quoted for a shell; in facts->arena. */
const char *blocker_command(const struct candidate *candidate, const char *pattern, const char *with);

/* By its tags, who made a blocker; tags may be NULL. */
void blocker_add_owner(const struct facts *facts, struct blocker *blocker, const json_t *tags);

/* Add the name of the stack's resource with this id, unless it is there. */
void blocker_holds(const struct facts *facts, struct blocker *blocker, const char *physical_id);

#endif
