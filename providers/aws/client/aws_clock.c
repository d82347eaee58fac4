/* SPDX-License-Identifier: Apache-2.0 */
#include "providers/aws/client/aws_clock.h"

#include <stdlib.h>

#include "base/world.h"

/* AWS accepts five minutes: IAM User Guide, "Troubleshoot Signature Version 4 signing for AWS API requests". */
enum { SKEW_MIN_MS = 4 * 60 * 1000 };

int64_t aws_clock_now_ms(const struct aws_clock *clock)
{
	return clock->world->wall_ms(clock->world) + clock->skew_ms;
}

bool aws_clock_correct(struct aws_clock *clock, int64_t server_ms)
{
	int64_t skew_ms = server_ms - clock->world->wall_ms(clock->world);

	if (llabs(skew_ms - clock->skew_ms) < SKEW_MIN_MS)
		return false;
	clock->skew_ms = skew_ms;
	return true;
}
