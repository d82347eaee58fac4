/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resources by the names that other people's tools give them: outputs of CloudFormation stacks and of Terraform. What is
 * recognized is a table of names; everything else is left alone. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RESOURCE_OUTPUTS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RESOURCE_OUTPUTS_H

#include <jansson.h>

#include "base/error.h"

struct arena;
struct cloud;

/*
 * Put the resources that outputs name into a cloud, in arena: an object of texts and lists of texts; a text with commas is a
 * list where the kind has several. An empty value counts as none. ERROR_INPUT: an output of a name that is recognized has
 * another type, two outputs say different things of one kind, or no output is recognized. The form of ids is not checked.
 */
int resource_outputs_read(struct arena *arena, const json_t *outputs, struct cloud *cloud, struct error *err);

#endif
