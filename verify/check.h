/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks: a check is a row and a pure function of facts. No I/O, no error parameter, no printing: a check cannot fail
 * to run. A provider's rows, with the groups, the plan of facts and the kinds of resources that they name, make a
 * check_table.
 */
#ifndef CLOUDCTL_VERIFY_CHECK_H
#define CLOUDCTL_VERIFY_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/event.h"
#include "base/text.h"
#include "verify/facts.h"
#include "verify/resource_kind.h"

struct ignored_list;
struct plan;
struct verify_options;

enum { FINDING_TEXT_MAX = 200, REMEDY_MAX = 8 << 10 }; /* bytes */

struct finding {
	const struct check *check;
	const struct check_group *group;
	enum verdict verdict;
	const char *text;   /* what was found: one sentence of at most FINDING_TEXT_MAX bytes, in the arena */
	const char *action; /* UNKNOWN: the permission to grant, or NULL */
	struct text_list evidence;
	/*
	 * Not PASS: ids of the resources that do not hold what must hold, each once, when a check looks at several. Empty
	 * when the finding is about all that the check is about.
	 */
	struct text_list resources;
	const char *remedy; /* for what was found; NULL: the row's, see check_remedy() */
	enum remedy_kind remedy_kind;
	const char *ignored; /* the user's reasons to ignore it, or NULL; see ignore.h */
};

/*
 * Decides one check. Everything it returns belongs to facts->arena. Called only when every fact it reads is KNOWN and
 * nothing it is about is known not to exist. finding.check and .group are filled in by the caller.
 */
typedef struct finding check_fn(const struct facts *facts);

/* When a check applies to a cloud at all; a check that does not gives no finding. */
struct check_condition {
	const char *words; /* "clouds with direct networking" */
	/* NULL: always. options NULL: no run is meant, but what the check may ever look at */
	bool (*holds)(const struct cloud *cloud, const struct verify_options *options);
};

struct check {
	const char *id;        /* "disk.size"; API, never renamed */
	enum verdict severity; /* the worst it can say: FAIL (a requirement) or WARN (a recommendation) */
	const struct check_condition *applies; /* NULL: to every cloud */
	struct index_list reads; /* facts; a lost one makes it UNKNOWN, the first of them says why */
	/* facts it looks at once they are settled, known or lost: a check about the loss itself */
	struct index_list also;
	/* kinds that must exist, else SKIP, "needs disk", in this order; not the one whose absence it reports */
	struct index_list about;
	/* kinds whose resources the finding is about when it names none; empty: all of its group */
	struct index_list subjects;
	bool judges_caller; /* judged even when the answers are from elsewhere, see check_table */
	const char *part;   /* what a finding may name that no record holds: "mount target"; or NULL */
	check_fn *decide;
	const char *holds; /* one sentence: what must hold */
	const char *why;
	const char *remedy; /* what to do; placeholders: check_remedy() */
	enum remedy_kind remedy_kind;
	const char *requirement; /* page of the project and anchor: "docs/requirements.md#disk-size" */
	const char *reference;   /* URL of the public page that the requirement comes from */
};

/* A group is one line of the summary. */
struct check_group {
	const char *id;   /* "security groups" */
	const char *name; /* in headings */
	const struct check *checks;
	size_t count;
	/* what it is about where no kind of resource belongs to it; NULL, or its NULL: nothing */
	const char *(*subject)(const struct cloud *cloud);
	const char *subject_kind; /* what the subject is; NULL: what the group's id says */
};

/* Checks that are judged together. */
struct check_table {
	const struct check_group *const *groups; /* in the order of the summary */
	size_t group_count;
	const struct plan *plan;    /* of the facts that they read */
	struct index_list optional; /* facts that are asked for only with verify_options.simulate */
	const struct resource_kind *kinds;
	size_t kind_count;
	/* the part of a record that the members of the kinds are offsets in */
	const void *(*section)(const struct cloud *cloud);
	/* the part of an id that is a name, which users may write and remedies show; NULL: ids have none */
	const char *(*name_of)(const char *id);
	/* the value of a placeholder that is no kind's; NULL: the record does not know it, or there is none such */
	const char *(*placeholder)(struct arena *arena, const struct cloud *cloud, const char *name);
	/* who asked, by the facts, or NULL; this member may be NULL, as the next */
	const char *(*caller)(const struct facts *facts);
	/*
	 * Why the answers are about something else than this cloud ("asked in account 1, the cloud is in account 2"), in the
	 * facts' arena; NULL: they are not, or nobody knows. All checks but those with .judges_caller are UNKNOWN then.
	 */
	const char *(*elsewhere)(const struct facts *facts);
	struct index_list identity; /* the facts that these two look at; every check waits for them */
	/* the findings that the cloud's record ignores */
	const struct ignored_list *(*ignored)(const struct cloud *cloud);
};

/* The place of a group among those of its table. */
size_t check_group_index(const struct check_table *table, const struct check_group *group);

/* The checks of a table, in the order of its groups. */
size_t check_count(const struct check_table *table);
const struct check *check_at(const struct check_table *table, size_t index);
struct text_list check_ids(struct arena *arena, const struct check_table *table);

/* NULL when there is none. *group, which may be NULL, receives its group. */
const struct check *check_find(const struct check_table *table, const char *id,
	const struct check_group **group);

/* The ids of the resources that a group is about by the record, or, when check is not NULL, one check of it. */
struct text_list check_subjects(struct arena *arena, const struct check_table *table,
	const struct check_group *group, const struct check *check, const struct cloud *cloud);

/* Resources with their kinds, in an arena. */
struct about_list {
	struct event_about *items;
	size_t count;
};

/* ids, which may be of any kind, of a group or one check of it, with the kinds that they are of. */
struct about_list check_about(struct arena *arena, const struct check_table *table,
	const struct check_group *group, const struct check *check, const struct cloud *cloud,
	const struct text_list *ids);

/* options may be NULL, see check_condition. */
bool check_applies(const struct check *check, const struct cloud *cloud,
	const struct verify_options *options);

/*
 * Mark every fact that must be settled before the check is judged: what it reads, and what says whether its kinds exist.
 * marks is a flag for each fact of the table's plan; those set are left alone.
 */
void check_facts(const struct check_table *table, const struct check *check, bool *marks);

/* Constructors for check functions; text is formatted into facts->arena. */
struct finding finding_make(const struct facts *facts, enum verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void finding_evidence(const struct facts *facts, struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Name a resource that does not hold what must hold; naming it twice is naming it once. */
void finding_resource(const struct facts *facts, struct finding *finding, const char *id);

/*
 * What was found, with its verdict and text: the evidence, resources and remedy that were put into found so far. A
 * finding begins as {0}. PASS names no resources, whatever was put in.
 */
struct finding finding_conclude(const struct facts *facts, struct finding found, enum verdict verdict,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* UNKNOWN because of a lost fact: what was being done, the error, and the permission to grant. */
struct finding finding_lost(const struct facts *facts, unsigned fact);

/* UNKNOWN because some of these are lost: the first gives the text, the others go to the evidence. */
struct finding finding_unknown(const struct facts *facts, const struct index_list *some);

/*
 * Judge one check: UNKNOWN when the answers are from elsewhere, else SKIP when something it is about is known not to exist,
 * else UNKNOWN when a fact it reads is lost, else decide(). All facts of check_facts() must be settled. Text that is too long
 * for a finding is cut at a word, and its whole is the first evidence.
 */
struct finding check_judge(const struct check_table *table, const struct check *check,
	const struct facts *facts);

/*
 * The remedy with its placeholders filled in from the record, in arena; NULL when the row has none, or when it would be
 * longer than REMEDY_MAX: a command is never cut. A placeholder is a word of small letters and dashes in braces: a kind's
 * ("{disk}", several ids separated by spaces), else one that the table's placeholder() knows. Each value is one word to a
 * shell. What the record does not know is written as <disk>, and so is, within quotes of the remedy's own, what would have
 * to be quoted. *kind receives the row's, or REMEDY_DO when something is left for a person to fill in.
 */
const char *check_remedy(struct arena *arena, const struct check_table *table, const struct check *check,
	const struct cloud *cloud, enum remedy_kind *kind);

#endif
