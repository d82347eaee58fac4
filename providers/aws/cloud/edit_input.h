/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the user wants other in a registered cloud: options of `edit`, a record in a file, or what the last edit replaced;
 * and the difference from the cloud as it is. Pure; whether the things exist is verify's question.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_INPUT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_INPUT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/option.h"
#include "base/text.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/functional.h"
#include "providers/records/cloud.h"

struct arena;

struct edit_options {
	struct aws_cloud given; /* resources by the table of kinds, and mount_target_ip */
	const char *file;
	bool revert, plan, yes;
	struct functional_options functional;
};

/* The rows of these options. */
extern const struct option edit_option_rows[];

/* Is anything said of what is to be changed? ERROR_USAGE when --revert and something else is. */
int edit_input_asked(const struct edit_options *options, bool *asked, struct error *err);

/*
 * The cloud as it is to become: resources of the file ({0}: none) and then of the options in place of its own. What is
 * equal but for the order stays as it is. MemoryDB "none": without it. What has to be found out again is NULL: the address of
 * the mount target when file system or subnets change and no address was given, MemoryDB's ARN and endpoint with its
 * cluster. Texts are those of the three.
 */
struct cloud edit_input_apply(struct arena *arena, const struct edit_options *options,
	const struct cloud *file, const struct cloud *cloud);

/* The cloud as it is to become with --revert. ERROR_CONFLICT when its record knows of nothing to go back to. */
int edit_input_revert(struct arena *arena, const struct cloud *cloud, struct cloud *candidate,
	struct error *err);

/*
 * Everything wrong with the shape of what was asked for, one sentence each, beginning with the option; and what of the file
 * is about another cloud, or cannot be edited. candidate: of edit_input_apply(). No mistakes: an empty list. In arena.
 */
struct text_list edit_input_mistakes(struct arena *arena, const struct edit_options *options,
	const struct cloud *file, const struct cloud *cloud, const struct cloud *candidate);

/* One thing that is other. */
struct edit_change {
	const char *what;          /* "bucket", "mount target address" */
	struct text_list from, to; /* ids; empty: none */
};

struct edit_changes {
	struct edit_change *items;
	size_t count;
};

/* What differs between the resources of two clouds, in the order of the kinds; in arena. */
struct edit_changes edit_changes(struct arena *arena, const struct cloud *from, const struct cloud *to);

#endif
