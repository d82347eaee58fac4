/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a provider is to the rest of the program: cmd knows this header, and one file there names the provider that the
 * program is built with.
 */
#ifndef CLOUDCTL_PROVIDERS_PROVIDER_H
#define CLOUDCTL_PROVIDERS_PROVIDER_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"
#include "base/option.h"

struct check_table;
struct cloud;
struct cloud_schema;
struct facts;
struct functional_provider;
struct run;
struct source;
struct world;

/* A command that a provider carries out. */
struct provider_command {
	const struct option *options; /* those of this command; ends with a row without name */
	size_t options_size;          /* of the struct that they fill, zeroed before */
	/* Returns an exit code >= 0, or -1 with *err set. */
	int (*carry_out)(struct run *run, const void *options, struct error *err);
};

struct provider {
	const char *name;                    /* as records call it: "aws" */
	const char *title;                   /* as people call it: "AWS" */
	const struct cloud_schema *schema;   /* its section of a record */
	const struct check_table *checks;    /* of `verify` */
	const struct check_table *preflight; /* of `setup`, before anything is created */
	/* What `setup` sends to create a cloud, in arena; whole: with what is only for people to read. */
	const char *(*template)(struct arena *arena, bool whole);

	/*
	 * Whom to ask about clouds in a place (a region), with the run's connection; the same for the same place. All sources of
	 * a run share one loop: a step of one is a step of all. Lives as long as the run. NULL with *err set.
	 */
	struct source *(*source)(struct run *run, const char *place, struct error *err);

	/*
	 * What checks want to know beyond the cloud, of the other clouds of a registry above all: note_cloud() puts what matters of a record into a
	 * directory, an object of JSON, note_user() what matters of the user's own configuration, and know_others() learns
	 * from a directory what concerns the cloud of the facts.
	 */
	void (*note_cloud)(json_t *directory, const struct cloud *cloud);
	void (*note_user)(json_t *directory, struct world *world);
	void (*know_others)(struct facts *facts, const json_t *directory);

	const struct functional_provider *functional; /* `verify --functional-verify` */

	struct provider_command setup;  /* create a cloud */
	struct provider_command adopt;  /* `register`: take over resources that are there */
	struct provider_command edit;   /* `edit`: other resources for the cloud that the run names */
	struct provider_command import; /* records of clouds that are there already */
	struct provider_command update; /* change a cloud that `setup` made, the one that the run names */
	struct provider_command remove; /* `delete`: of the cloud that the run names */
	struct provider_command export; /* a file for another tool, of what a cloud consists of */
	struct provider_command policy; /* the permissions that a command needs */
};

#endif
