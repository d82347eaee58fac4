/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of resources of a provider's cloud, a row each, with all that loops over them must know. */
#ifndef CLOUDCTL_VERIFY_RESOURCE_KIND_H
#define CLOUDCTL_VERIFY_RESOURCE_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "verify/facts.h"

/* Kinds by their numbers in the table: KINDS(KIND_NETWORK, KIND_DISK). */
#define KINDS(...) INDEXES(__VA_ARGS__)

struct arena;
struct option;

/* How a record holds the ids of a kind. */
enum kind_form {
	KIND_UNRECORDED, /* not at all: found through another kind */
	KIND_TEXT,       /* const char *, NULL when there is none */
	KIND_LIST,       /* struct text_list */
};

struct resource_kind {
	const char *word;        /* "file system": what a skipped check "needs" */
	const char *one;         /* of several, in documents: "mount" for "mounts"; NULL: word */
	const char *group;       /* id of the group of checks that it belongs to */
	unsigned exists;         /* the fact that is absent when the resource does not exist */
	const char *placeholder; /* stands for its ids in remedies, in braces; NULL: none does */
	enum kind_form form;
	size_t member; /* offset of the ids in the provider's section of the record */
	bool optional; /* a cloud may be without one */
	/* how users give the ids: an option without its dashes, NULL: not at all; another spelling of it, or NULL */
	const char *option, *option_alias;
	const char *option_value, *help; /* for its help: "ID", "the file system" */
	bool (*valid)(const char *id);
	const char *valid_form; /* what valid() accepts, after "is not": "a file system id, such as fs-1" */
	/* its full name, as a pattern of the provider's; several with spaces between; NULL: none */
	const char *identifier;
	/* the name of one that the provider's `setup` makes, as a pattern of the provider's own; NULL: it has none */
	const char *default_name;
	bool ids_are_identifiers;    /* the record holds the full name, not the short one */
	bool identifier_is_accepted; /* users may give the full name, of which the record keeps the short one */
};

/* The ids that the record's section holds; empty for KIND_UNRECORDED. A list is borrowed, not copied. */
struct text_list kind_ids(struct arena *arena, const struct resource_kind *kind, const void *section);

/* Set the id of a KIND_TEXT; it is borrowed. */
void kind_set_id(const struct resource_kind *kind, void *section, const char *id);

/* Replace the ids in one section by those of another, unless it has none; they are borrowed. Not for KIND_UNRECORDED. */
void kind_copy_ids(const struct resource_kind *kind, const void *from, void *to);

/* Rows for the options of the kinds that have one (base/option.h), into a section at this offset; their number. */
size_t kind_options(const struct resource_kind *kinds, size_t count, size_t offset, struct option *rows);

#endif
