/* SPDX-License-Identifier: Apache-2.0 */
/* `verify --functional-verify`: what follows the checks of a cloud that is there. */
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/verify.h"
#include "providers/functional.h"

size_t verify_functional_options(size_t offset, struct option *rows)
{
	return PROVIDER.functional->options(offset, rows);
}

/* Findings that count, of both together. */
static void add_counts(const struct verification *from, struct verification *to)
{
	static const enum verdict worst[] = {VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_WARN};

	for (size_t i = 0; i < VERDICTS; i++)
		to->counts[i] += from->counts[i];
	for (size_t i = 0; i < sizeof(worst) / sizeof(worst[0]); i++) {
		if (to->counts[worst[i]] > 0) {
			to->overall = worst[i];
			return;
		}
	}
}

int verify_functionally(struct context *context, const struct verify_command_options *options,
	struct cloud *cloud, struct verification *whole, struct error *err)
{
	struct verification launched = {0};

	if (whole->counts[VERDICT_FAIL] > 0 && !options->functional.anyway) {
		event_step(&context->stream, STEP_NOTE,
			"Nothing was launched, because %zu check%s failed. To launch all the same: --functional-anyway",
			whole->counts[VERDICT_FAIL], whole->counts[VERDICT_FAIL] == 1 ? "" : "s");
		return 0;
	}
	if (PROVIDER.functional->verify(context_run(context), &options->functional, options->yes, cloud,
		    &launched, err) < 0)
		return -1;
	add_counts(&launched, whole);
	return 0;
}
