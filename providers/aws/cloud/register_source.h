/* SPDX-License-Identifier: Apache-2.0 */
/* Where `register` finds resources that its options do not name: a record, a stack, Terraform's outputs. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_REGISTER_SOURCE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_REGISTER_SOURCE_H

#include "base/error.h"

struct aws;
struct cloud;
struct register_options;
struct run;

/*
 * Fill in a zeroed cloud from the one that the options name, if any. Of a stack the region is known too, and *aws is the
 * session that was asked. ERROR_USAGE: more than one is named, or it is a managed cloud's, which `import` takes.
 */
int register_source_read(struct run *run, const struct register_options *options, struct aws **aws,
	struct cloud *cloud, struct error *err);

#endif
