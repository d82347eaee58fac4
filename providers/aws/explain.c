/* SPDX-License-Identifier: Apache-2.0 */
/* Families of AWS's codes and what to say about them. */
#include "providers/aws/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum family {
	EXPLAIN_EXPIRED,
	EXPLAIN_UNKNOWN_KEY,
	EXPLAIN_SIGNATURE,
	EXPLAIN_CLOCK,
	EXPLAIN_REGION,
	EXPLAIN_NOT_ENABLED,
};

static const struct {
	const char *pattern;
	enum family family;
} rows[] = {
	{"ExpiredToken*", EXPLAIN_EXPIRED},
	{"TokenRefreshRequired", EXPLAIN_EXPIRED},
	{"InvalidClientTokenId", EXPLAIN_UNKNOWN_KEY},
	{"UnrecognizedClientException", EXPLAIN_UNKNOWN_KEY},
	{"InvalidAccessKeyId", EXPLAIN_UNKNOWN_KEY},
	{"InvalidToken", EXPLAIN_UNKNOWN_KEY},
	{"AuthFailure", EXPLAIN_UNKNOWN_KEY},
	{"SignatureDoesNotMatch", EXPLAIN_SIGNATURE},
	{"InvalidSignatureException", EXPLAIN_SIGNATURE},
	{"IncompleteSignature*", EXPLAIN_SIGNATURE},
	{"RequestTimeTooSkewed", EXPLAIN_CLOCK},
	{"RequestInTheFuture", EXPLAIN_CLOCK},
	{"RequestExpired", EXPLAIN_CLOCK},
	{"PermanentRedirect", EXPLAIN_REGION},
	{"TemporaryRedirect", EXPLAIN_REGION},
	{"AuthorizationHeaderMalformed", EXPLAIN_REGION},
	{"IllegalLocationConstraintException", EXPLAIN_REGION},
	{"301", EXPLAIN_REGION},
	{"307", EXPLAIN_REGION},
	{"OptInRequired", EXPLAIN_NOT_ENABLED},
	{"SubscriptionRequiredException", EXPLAIN_NOT_ENABLED},
	{"RegionDisabledException", EXPLAIN_NOT_ENABLED},
};

static const char *or_else(const char *text, const char *other)
{
	return text ? text : other;
}

static void say(const struct explain_context *c, enum family family, char *text, size_t size)
{
	const char *profile = or_else(c->profile, "default"), *source = or_else(c->source, "unknown source");
	const char *region = or_else(c->region, "the region");
	long long minutes = (llabs(c->skew_ms) + 30000) / 60000;

	switch (family) {
	case EXPLAIN_EXPIRED:
		snprintf(text, size,
			"the credentials (%s) have expired: get new ones, for instance with `aws sso login "
			"--profile "
			"%s` or `aws login`",
			source, profile);
		break;
	case EXPLAIN_UNKNOWN_KEY:
		snprintf(text, size,
			"AWS does not know these credentials (%s, profile '%s'), or the account has not "
			"enabled %s",
			source, profile, region);
		break;
	case EXPLAIN_SIGNATURE:
		snprintf(text, size,
			"the secret key does not belong to the access key (%s, profile '%s'), or a proxy "
			"changed the "
			"request",
			source, profile);
		break;
	case EXPLAIN_CLOCK:
		snprintf(text, size, "this machine's clock is %lld minutes %s AWS's; set it", minutes,
			c->skew_ms < 0 ? "ahead of" : "behind");
		break;
	case EXPLAIN_REGION:
		snprintf(text, size, "asked in %s, but it is in %s", region,
			or_else(c->bucket_region, "another region"));
		break;
	case EXPLAIN_NOT_ENABLED:
		snprintf(text, size, "the account has not enabled this service or %s", region);
		break;
	}
}

void explain_error(const struct explain_context *context, struct error *err)
{
	char sentence[ERROR_FRAME_SIZE - 100] = "";
	size_t length, kept = strlen(err->frame[0]);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !*sentence; i++)
		if (text_glob(rows[i].pattern, err->code, false))
			say(context, rows[i].family, sentence, sizeof(sentence));
	length = strlen(sentence);
	if (length == 0)
		return;
	/* Ours must survive when both together are too long. */
	if (kept + 2 + length >= sizeof(err->frame[0]))
		kept = sizeof(err->frame[0]) - length - 3;
	memcpy(err->frame[0] + kept, "; ", 2);
	memcpy(err->frame[0] + kept + 2, sentence, length + 1);
}
