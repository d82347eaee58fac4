/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzz target: any bytes as outputs of Terraform, and what is accepted as resources of a cloud. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "providers/aws/cloud/resource_outputs.h"
#include "providers/aws/cloud/terraform_outputs.h"
#include "providers/records/cloud.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena = {0};
	struct cloud cloud = {0};
	struct error err = {0};
	const json_t *outputs = terraform_outputs_parse(&arena, (const char *)bytes, length, &err);

	if (!outputs && err.kind != ERROR_INPUT)
		abort();
	if (outputs && resource_outputs_read(&arena, outputs, &cloud, &err) < 0 && err.kind != ERROR_INPUT)
		abort();
	arena_free(&arena);
	return 0;
}
