/* SPDX-License-Identifier: Apache-2.0 */
/* AWS's clock, by which requests are signed: this machine's, corrected once AWS has complained about it. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_AWS_CLOCK_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_AWS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct world;

struct aws_clock {
	struct world *world;
	int64_t skew_ms; /* AWS's minus ours, as far as it is known */
	bool warned;     /* of this machine's clock, once a session */
};

/* Now, milliseconds since 1970. */
int64_t aws_clock_now_ms(const struct aws_clock *clock);

/*
 * A reply says that it is server_ms. Where that is minutes from what was thought, it is believed from now on: true,
 * and a request that was refused for its time is worth signing again. Smaller differences are the network's.
 */
bool aws_clock_correct(struct aws_clock *clock, int64_t server_ms);

#endif
