/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the user says about resources of their own: options of `register`, or a record as `get -o yaml` prints it, into
 * a cloud, and everything that is wrong with the shape of it, all at once. Pure; whether the things exist is verify's
 * question.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_REGISTER_INPUT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_REGISTER_INPUT_H

#include <stdbool.h>

#include "base/option.h"
#include "base/text.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/functional.h"
#include "providers/records/cloud.h"

struct arena;

struct register_options {
	const char *name, *provider, *file, *from_stack, *from_terraform;
	/* resources by the table of kinds, control_plane_account, cloud_tag, setup.no_efs */
	struct aws_cloud given;
	bool private_network, skip_verifications, yes;
	struct functional_options functional;
};

/* The rows of these options. */
extern const struct option register_option_rows[];

/*
 * Put the options over what is in *cloud already ({0}, or what a file said; its strings are kept). Where a kind accepts its
 * identifier, an ARN may be given for a name. region NULL leaves the file's. Sets deployment, account (of the control-plane
 * role), the default control-plane account and the default tag; forgets what only a record of a cloud that exists can say: state,
 * stack, operation, verification.
 */
void register_input_merge(struct arena *arena, const struct register_options *options, const char *region,
	struct cloud *cloud);

/*
 * Everything wrong with the cloud's shape, one sentence each, beginning with the option: what is missing first, then
 * malformed ids, ARNs and names, duplicates, roles of different accounts. No mistakes: an empty list. In arena.
 */
struct text_list register_input_mistakes(struct arena *arena, const struct cloud *cloud);

/* The same for its resources alone, added to all. */
void register_input_resources(struct arena *arena, const struct aws_cloud *section, struct text_list *all);

/* The account in the ARN of a role that the cloud has, in arena; NULL when there is no valid one. */
const char *register_input_account(struct arena *arena, enum kind role, const struct cloud *cloud);

/*
 * The first member that the user said and that the record of the cloud has not so; NULL: the record says all of it. Path
 * of the record: "resources.s3_bucket". In arena.
 */
const char *register_input_difference(struct arena *arena, const struct cloud *said,
	const struct cloud *recorded);

#endif
