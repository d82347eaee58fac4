/* SPDX-License-Identifier: Apache-2.0 */
/* Families of AWS's codes and what to say about them. */
#include "providers/aws/client/error_advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum { CLOCKS_AGREE_MS = 4 * 60 * 1000 };

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

/* What to do about credentials that have expired, by their source. %s is the profile. */
static const struct {
	const char *source, *advice;
} renewals[] = {
	{"environment",
		"get new ones and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"},
	{"IAM Identity Center", "run `aws sso login --profile %s`"},
	{"aws login", "run `aws login --profile %s`"},
	{"credential_process", "the program in profile '%s' must give new ones"},
	{"web identity", "the program that writes the token file must renew it"},
	{"assumed role", "run the command again, or get new ones for the source of profile '%s'"},
};
static const char other_renewal[] = "get new ones for profile '%s'";

static const char *renewal(const char *source)
{
	for (size_t i = 0; i < ARRAY_LENGTH(renewals); i++)
		if (text_equal(renewals[i].source, source))
			return renewals[i].advice;
	return other_renewal;
}

static const char *or_else(const char *text, const char *other)
{
	return text ? text : other;
}

static void say_expired(const char *profile, const char *source, char *text, size_t size)
{
	const char *advice = renewal(source), *mark = strstr(advice, "%s");
	size_t before = mark ? (size_t)(mark - advice) : strlen(advice);

	snprintf(text, size, "the credentials (%s) have expired: %.*s%s%s", source, (int)before, advice,
		mark ? profile : "", mark ? mark + 2 : "");
}

static void say_clock(int64_t skew_ms, char *text, size_t size)
{
	long long minutes = (llabs(skew_ms) + 30000) / 60000;

	if (minutes == 0)
		snprintf(text, size, "this machine's clock differs from AWS's; set it");
	else
		snprintf(text, size, "this machine's clock is %lld minutes %s AWS's; set it", minutes,
			skew_ms < 0 ? "ahead of" : "behind");
}

static void say(const struct explain_context *c, enum family family, char *text, size_t size)
{
	const char *profile = or_else(c->profile, "default"), *source = or_else(c->source, "unknown source");
	const char *region = or_else(c->region, "the region");

	switch (family) {
	case EXPLAIN_EXPIRED: say_expired(profile, source, text, size); break;
	case EXPLAIN_UNKNOWN_KEY:
		snprintf(text, size,
			"AWS does not know these credentials (%s, profile '%s'), or the account has not enabled %s; `aws configure list` shows them",
			source, profile, region);
		break;
	case EXPLAIN_SIGNATURE:
		snprintf(text, size,
			"the secret key does not belong to the access key (%s, profile '%s'), or a proxy changed the request",
			source, profile);
		break;
	case EXPLAIN_CLOCK: say_clock(c->skew_ms, text, size); break;
	case EXPLAIN_REGION:
		snprintf(text, size, "the request went to %s, but the resource is in %s",
			or_else(c->region, "one region"), or_else(c->bucket_region, "another region"));
		break;
	case EXPLAIN_NOT_ENABLED:
		snprintf(text, size, "the account has not enabled this service or %s", region);
		break;
	}
}

/* EC2 calls a request expired when its credentials are: the clocks tell. */
static enum family family_of(const struct explain_context *context, enum family family, const char *code)
{
	return text_equal(code, "RequestExpired") && llabs(context->skew_ms) < CLOCKS_AGREE_MS
		? EXPLAIN_EXPIRED
		: family;
}

void explain_error(const struct explain_context *context, struct error *err)
{
	char sentence[ERROR_FRAME_SIZE - 100] = "";
	size_t length, kept = strlen(err->frame[0]);

	for (size_t i = 0; i < ARRAY_LENGTH(rows) && !*sentence; i++)
		if (text_glob(rows[i].pattern, err->code, false))
			say(context, family_of(context, rows[i].family, err->code), sentence,
				sizeof(sentence));
	length = strlen(sentence);
	if (length == 0)
		return;
	/* Ours must survive when both together are too long. */
	if (kept + 2 + length >= sizeof(err->frame[0]))
		kept = sizeof(err->frame[0]) - length - 3;
	memcpy(err->frame[0] + kept, "; ", 2);
	memcpy(err->frame[0] + kept + 2, sentence, length + 1);
}
