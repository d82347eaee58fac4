/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outputs of Terraform out of a file: what `terraform output -json` prints, or a state of version 4, which holds secrets. No
 * value, and no part of a file that cannot be read, is ever repeated in an error.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_TERRAFORM_OUTPUTS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_TERRAFORM_OUTPUTS_H

#include <jansson.h>

#include "base/error.h"

struct arena;

enum { TERRAFORM_FILE_MAX = 64 << 20 }; /* bytes */

/*
 * An object of the outputs' values by their names, in arena. NULL with ERROR_INPUT: the file is neither, or larger than
 * TERRAFORM_FILE_MAX; or with the error of reading it.
 */
const json_t *terraform_outputs_read(struct arena *arena, const char *path, struct error *err);

/* The same of a text. */
const json_t *terraform_outputs_parse(struct arena *arena, const char *text, size_t length,
	struct error *err);

#endif
