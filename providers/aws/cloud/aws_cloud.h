/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the record of a cloud on AWS holds beyond the envelope (providers/records/cloud.h): its section.
 *
 * The keys of the YAML are the members' names, at the top level of the record:
 *
 *     resources: see struct aws_resources (kinds.h)
 *     stack_arn stack_name control_plane_account external_id external_id_added cloud_tag stack_protected
 *     setup: see struct setup_choices (setup_choices.h)
 *     network: see struct setup_network (setup_network.h)
 *     previous: {resources, external_id_added}
 *     skipped: a list
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_AWS_CLOUD_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_AWS_CLOUD_H

#include <stdbool.h>

#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/setup_choices.h"
#include "providers/aws/cloud/setup_network.h"

struct arena;
struct cloud;
struct cloud_schema;

/* What `edit` replaced last, for the way back; of registered clouds only. */
struct aws_previous {
	struct aws_resources resources;
	bool external_id_added; /* its control-plane role still has the external id that was added to it */
};

struct aws_cloud {
	struct aws_resources resources;
	const char *stack_arn;
	const char *stack_name;
	const char *control_plane_account;
	const char *external_id;
	const char *cloud_tag;  /* key of the control plane's tag; NULL in older records, see cloud_tag.h */
	bool external_id_added; /* register added it to the trust policy, so delete takes it out again */
	bool stack_protected;   /* setup protected the stack, so delete lifts that */
	struct setup_choices setup;   /* what the stack was asked to be made with; of managed clouds only */
	struct setup_network network; /* what setup made, or is to make; of managed clouds only */
	struct aws_previous previous;
	/* logical ids of resources that were left as they were when an update was taken back; they may differ from the template */
	struct text_list skipped;
};

/* How the section is read, checked and written. */
extern const struct cloud_schema aws_cloud_schema;

/* In an initializer of a struct cloud: its section, as long as the block lives. */
#define AWS_CLOUD(...) \
	.schema = &aws_cloud_schema, .section = &(struct aws_cloud) \
	{ \
		__VA_ARGS__ \
	}

/* The cloud's section, to read; one without values when the record has none, never NULL. */
const struct aws_cloud *aws_cloud(const struct cloud *cloud);

/* The cloud's section, to change; made in the arena when the record has none. */
struct aws_cloud *aws_cloud_edit(struct arena *arena, struct cloud *cloud);

/*
 * Names of regions and ids of accounts as they appear in host names and ARNs: "us-west-2", 12 digits. Whether
 * AWS knows the region is another question.
 */
bool aws_region_valid(const char *region);
bool aws_account_valid(const char *account);

#endif
