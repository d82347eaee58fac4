/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue of checks (docs/design.md, "The catalogue"): a check is a row and a pure function of facts. No I/O,
 * no error parameter, no printing: a check cannot fail to run. docs/architecture.md says how one is
 * added.
 */
#ifndef CLOUDCTL_VERIFY_CHECK_H
#define CLOUDCTL_VERIFY_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/event.h"
#include "base/text.h"
#include "verify/facts.h"

/* Groups are the lines of the summary, in this order. */
#define GROUP_LIST(X) \
	X(PREFLIGHT, EVENT_GROUP_PREFLIGHT, "prerequisites") \
	X(ACCOUNT, "account", "account") \
	X(VPC, "vpc", "VPC") \
	X(SUBNETS, "subnets", "subnets") \
	X(IAM, "iam roles", "IAM roles") \
	X(SECURITY_GROUPS, "security groups", "security groups") \
	X(S3, "s3", "S3") \
	X(EFS, "efs", "EFS") \
	X(MEMORYDB, "memorydb", "MemoryDB") \
	X(STACK, "cloudformation stack", "CloudFormation stack") \
	X(QUOTAS, "quotas", "quotas")

enum group {
#define GROUP_ENUM(word, id, name) GROUP_##word,
	GROUP_LIST(GROUP_ENUM)
#undef GROUP_ENUM
		GROUPS,
};

const char *group_id(enum group group);   /* "security groups": the word of the summary line */
const char *group_name(enum group group); /* "Security groups" in sentences */

/* Things a check can be about. When one does not exist, its checks are SKIP ("needs vpc"), except the check that says
 * so. In the order in which they are named: the first missing one is the reason. */
enum about {
	ABOUT_NOTHING = 0,
	ABOUT_VPC = 1 << 0,
	ABOUT_SUBNETS = 1 << 1,
	ABOUT_SECURITY_GROUPS = 1 << 2,
	ABOUT_CONTROL_PLANE_ROLE = 1 << 3,
	ABOUT_NODE_ROLE = 1 << 4,
	ABOUT_BUCKET = 1 << 5,
	ABOUT_FILE_SYSTEM = 1 << 6,
	ABOUT_MOUNT_TARGETS = 1 << 7,
	ABOUT_MEMORYDB = 1 << 8,
	ABOUT_STACK = 1 << 9,
};

struct finding {
	const struct check *check;
	enum verdict verdict;
	const char *text;   /* what was found, in the arena */
	const char *action; /* UNKNOWN: IAM action to grant, or NULL */
	struct text_list evidence;
	/*
	 * Not PASS: ids (ARNs of roles) of those that do not hold what must hold, each once, when a check looks at
	 * several. Empty when the finding is about all that its group is about.
	 */
	struct text_list resources;
	/* made of what was found, ready to be pasted; NULL: the row's, see check_remedy() */
	const char *remedy;
	const char *ignored; /* the user's reasons to ignore it, or NULL; set by verify.c, see ignore.h */
};

/* Decides one check. Everything it returns belongs to facts->arena. Called only when every needed fact is KNOWN and
 * nothing it is about is known not to exist. finding.check is filled in by the caller. */
typedef struct finding check_fn(const struct facts *facts);

/* When a check applies to a cloud at all; rows that do not apply give no finding. */
enum applies {
	APPLIES_ALWAYS,
	APPLIES_DIRECT, /* direct networking only */
	APPLIES_PRIVATE,
	APPLIES_MANAGED,    /* clouds with a stack */
	APPLIES_MEMORYDB,   /* clouds with a MemoryDB cluster */
	APPLIES_FUNCTIONAL, /* runs that are to launch something real: verify_options.functional */
	APPLIES_SETUP,      /* every setup: the rows of preflight.h, which stand in a table of their own */
};

struct check {
	const char *id; /* "vpc.cidr-size"; API, never renamed */
	enum group group;
	enum verdict severity; /* the worst it can say: VERDICT_FAIL or VERDICT_WARN */
	enum applies applies;
	fact_set needs; /* facts it reads; a lost one makes it UNKNOWN, with the action to grant */
	unsigned about; /* ABOUT_ bits that must exist, else SKIP */
	check_fn *decide;
	const char *holds; /* one sentence: what must hold */
	const char *why;
	const char *remedy; /* what to do; placeholders: check_remedy() */
	const char *reference;
	/* facts it looks at once they are settled, known or lost: a check about the loss itself */
	fact_set consults;
};

/* The catalogue, in the order of docs/checks.md. */
extern const struct check checks[];
extern const size_t check_count;

struct plan;

/* Checks that are judged together, and the plan of the facts they read. */
struct check_table {
	const struct check *checks;
	size_t count;
	const struct plan *plan;
};

const struct check *check_find(const char *id);

/* Whatever the run is: APPLIES_FUNCTIONAL does not. */
bool check_applies(const struct check *check, const struct cloud *cloud);

/* Every fact that must be settled before the check is judged: needed, consulted, and those that say what exists. */
fact_set check_facts(const struct check *check);

/* Constructors for check functions; text is formatted into facts->arena. */
struct finding finding_make(const struct facts *facts, enum verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void finding_evidence(const struct facts *facts, struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Name a resource that does not hold what must hold; naming it twice is naming it once. */
void finding_resource(const struct facts *facts, struct finding *finding, const char *id);

/* UNKNOWN because of a lost fact: what was being done, the error, and the action to grant. */
struct finding finding_lost(const struct facts *facts, unsigned fact);

/* UNKNOWN because of several: the first is what it says, the others stand in the evidence. lost is not empty. */
struct finding finding_unknown(const struct facts *facts, fact_set lost);

/*
 * Judge one check: SKIP when something it is about is known not to exist, else UNKNOWN when a needed fact is lost,
 * else decide(). All facts of check_facts() must be settled.
 */
struct finding check_judge(const struct check *check, const struct facts *facts);

/*
 * The remedy with its placeholders filled in from the record, in arena; NULL when the row has none. {vpc} {subnets}
 * {groups} {group} (the first) {bucket} {control-plane-role} {node-role} (their names) {file-system} {memorydb}
 * {region} {account} {cloud} {external-id} {control-plane-account} {stack}. What the record does not know stands as
 * <vpc>; lists are separated by spaces.
 */
const char *check_remedy(struct arena *arena, const struct check *check, const struct cloud *cloud);

#endif
