/* SPDX-License-Identifier: Apache-2.0 */
/* Families of AWS's codes and what to say about them. */
#include "providers/aws/client/error_advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum { CLOCKS_AGREE_MS = 4 * 60 * 1000 };

enum advice {
	ADVICE_EXPIRED,
	ADVICE_UNKNOWN_KEY,
	ADVICE_SIGNATURE,
	ADVICE_CLOCK,
	ADVICE_REGION,
	ADVICE_NOT_ENABLED,
};

static const struct {
	const char *pattern;
	enum advice advice;
} rows[] = {
	{"ExpiredToken*", ADVICE_EXPIRED},
	{"TokenRefreshRequired", ADVICE_EXPIRED},
	{"InvalidClientTokenId", ADVICE_UNKNOWN_KEY},
	{"UnrecognizedClientException", ADVICE_UNKNOWN_KEY},
	{"InvalidAccessKeyId", ADVICE_UNKNOWN_KEY},
	{"InvalidToken", ADVICE_UNKNOWN_KEY},
	{"AuthFailure", ADVICE_UNKNOWN_KEY},
	{"SignatureDoesNotMatch", ADVICE_SIGNATURE},
	{"InvalidSignatureException", ADVICE_SIGNATURE},
	{"IncompleteSignature*", ADVICE_SIGNATURE},
	{"RequestTimeTooSkewed", ADVICE_CLOCK},
	{"RequestInTheFuture", ADVICE_CLOCK},
	{"RequestExpired", ADVICE_CLOCK},
	{"PermanentRedirect", ADVICE_REGION},
	{"TemporaryRedirect", ADVICE_REGION},
	{"AuthorizationHeaderMalformed", ADVICE_REGION},
	{"IllegalLocationConstraintException", ADVICE_REGION},
	{"301", ADVICE_REGION},
	{"307", ADVICE_REGION},
	{"OptInRequired", ADVICE_NOT_ENABLED},
	{"SubscriptionRequiredException", ADVICE_NOT_ENABLED},
	{"RegionDisabledException", ADVICE_NOT_ENABLED},
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

static void say(const struct advice_context *c, enum advice advice, char *text, size_t size)
{
	const char *profile = text_or(c->profile, "default"), *source = text_or(c->source, "unknown source");
	const char *region = text_or(c->region, "the region");

	switch (advice) {
	case ADVICE_EXPIRED: say_expired(profile, source, text, size); break;
	case ADVICE_UNKNOWN_KEY:
		snprintf(text, size,
			"AWS does not know these credentials (%s, profile '%s'), or the account has not enabled %s; `aws configure list` shows them",
			source, profile, region);
		break;
	case ADVICE_SIGNATURE:
		snprintf(text, size,
			"the secret key does not belong to the access key (%s, profile '%s'), or a proxy changed the request",
			source, profile);
		break;
	case ADVICE_CLOCK: say_clock(c->skew_ms, text, size); break;
	case ADVICE_REGION:
		snprintf(text, size, "the request went to %s, but the resource is in %s",
			text_or(c->region, "one region"), text_or(c->bucket_region, "another region"));
		break;
	case ADVICE_NOT_ENABLED:
		snprintf(text, size, "the account has not enabled this service or %s", region);
		break;
	}
}

void error_advice_add(const struct advice_context *context, struct error *err)
{
	char sentence[ERROR_FRAME_SIZE - 100] = "";
	size_t length, kept = strlen(err->frame[0]);

	for (size_t i = 0; i < ARRAY_LENGTH(rows) && !*sentence; i++)
		if (text_glob(rows[i].pattern, err->code, false))
			say(context, rows[i].advice, sentence, sizeof(sentence));
	/* EC2 calls a request expired when its credentials are: the clocks tell. */
	if (text_equal(err->code, "RequestExpired") && llabs(context->skew_ms) < CLOCKS_AGREE_MS)
		say(context, ADVICE_EXPIRED, sentence, sizeof(sentence));
	length = strlen(sentence);
	if (length == 0)
		return;
	/* Ours must survive when both together are too long. */
	if (kept + 2 + length >= sizeof(err->frame[0]))
		kept = sizeof(err->frame[0]) - length - 3;
	memcpy(err->frame[0] + kept, "; ", 2);
	memcpy(err->frame[0] + kept + 2, sentence, length + 1);
}
