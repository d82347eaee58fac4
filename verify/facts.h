/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts: what the provider answered about one cloud. Each fact is KNOWN (with a reply tree), LOST (with the reason), or still
 * PENDING. A thing that does not exist is a KNOWN fact whose tree is JSON null: absence is knowledge.
 *
 * A fact made of several calls is an object of replies by key; one lost call loses the fact, a thing that vanished
 * between two calls is JSON null under its key.
 */
#ifndef CLOUDCTL_VERIFY_FACTS_H
#define CLOUDCTL_VERIFY_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct cloud;
struct plan;

/* Numbers of rows of a table, as a row of another lists them: FACTS(FACT_DISK, FACT_MOUNT). */
struct index_list {
	const unsigned *items;
	size_t count;
};
#define INDEXES(...) \
	{ \
		.items = (const unsigned[]){__VA_ARGS__}, \
		.count = sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned) \
	}

#define FACTS(...) INDEXES(__VA_ARGS__)

enum fact_state { FACT_PENDING, FACT_KNOWN, FACT_LOST };

struct fact_value {
	enum fact_state state;
	const json_t *tree;        /* KNOWN: the reply, or JSON null when the thing does not exist */
	const struct error *error; /* LOST: why, with the action to grant; in the arena */
	const char *doing;         /* LOST: "describing disks" */
};

struct facts {
	struct arena *arena;
	const struct plan *plan;   /* a fact's number is that of its row */
	const struct cloud *cloud; /* what the facts are about */
	struct fact_value *values; /* one for each row of the plan */
	int64_t now_ms; /* the wall clock, since 1970, at the beginning of the verification; 0: not known */
};

/* No fact settled, in arena. */
struct facts *facts_new(struct arena *arena, const struct plan *plan, const struct cloud *cloud);

/* The tree of a fact: the reply, JSON null when the thing is absent, NULL while pending or when lost. */
const json_t *facts_tree(const struct facts *facts, unsigned fact);

/* KNOWN and not absent. */
bool facts_has(const struct facts *facts, unsigned fact);

bool facts_lost(const struct facts *facts, unsigned fact);
bool facts_settled(const struct facts *facts, unsigned fact);
bool facts_any_lost(const struct facts *facts, const struct index_list *list);

/* Why a fact is lost; an error of kind ERROR_NONE when it is not. Never NULL; lives as long as the arena. */
const struct error *facts_error(const struct facts *facts, unsigned fact);

/* Settle a fact. tree is borrowed and must live as long as the arena; NULL means absent. *why is copied. */
void facts_learn(struct facts *facts, unsigned fact, const json_t *tree);
void facts_lose(struct facts *facts, unsigned fact, const char *doing, const struct error *why);

/*
 * Facts as a JSON document (new reference), and back:
 *
 *     {"schema": "cloudctl.facts/1", "cloud": RECORD,
 *      "facts": {"disk": {"reply": TREE or null}, "mount": {"lost": {"doing": …, "kind": …, "code": …, …}}}}
 *
 * Pending facts are left out. The record is the caller's: facts_save() takes its reference over, facts_load() does not
 * look at it. facts_load() settles the document's facts, which must live as long as the arena; a wrong schema, an unknown
 * fact or error kind, or a member of the wrong type is ERROR_INPUT that names it.
 */
json_t *facts_save(const struct facts *facts, json_t *cloud);
int facts_load(struct facts *facts, const json_t *document, struct error *err);

#endif
