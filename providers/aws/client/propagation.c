/* SPDX-License-Identifier: Apache-2.0 */
/* Which refusals may mean "not known everywhere yet", and how long to wait while aws_expect_propagation() holds. */
#include "base/array.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/aws/client/call.h"

enum { STEP_MS = 2000, STEP_MAX_MS = 10000 };

static const struct {
	const char *service, *code, *message;
	const char *unless; /* what the message says of things that nobody has just made; NULL */
} rows[] = {
	{"ec2", "*.NotFound", "*"},
	{"ec2", "InvalidParameterValue", "*Invalid IAM Instance Profile*"},
	{"iam", "NoSuchEntity", "*", "*AWSServiceRole*"}, /* services make their roles themselves, or never */
	{"iam", "MalformedPolicyDocument", "*Invalid principal*"},
	{"s3", "NoSuchBucket", "*"},
	{"s3", "404", "*"},
	{"s3", "MalformedPolicy", "*Invalid principal*"},
	{"sts", "AccessDenied", "*AssumeRole*"},
	{"efs", "FileSystemNotFound", "*"},
	{"memorydb", "*NotFoundFault", "*"},
};

void aws_expect_propagation(struct aws *aws, int limit_ms)
{
	struct aws_session *session = aws->session;

	session->propagating_until_ms = session->world->steady_ms(session->world) + limit_ms;
}

bool call_awaits_propagation(struct call *call, const struct error *error, int64_t *wait_ms)
{
	struct world *world = call->aws->session->world;
	const char *service = call->operation->service->name;
	int waits = call->propagation_waits;

	*wait_ms = waits < STEP_MAX_MS / STEP_MS ? STEP_MS * (waits + 1) : STEP_MAX_MS;
	if (call->aws->session->propagating_until_ms < world->steady_ms(world) + *wait_ms)
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		if (!text_equal(rows[i].service, service) || !text_glob(rows[i].code, error->code, false) ||
			!text_glob(rows[i].message, error->frame[0], false) ||
			(rows[i].unless && text_glob(rows[i].unless, error->frame[0], false)))
			continue;
		call->propagation_waits++;
		return true;
	}
	return false;
}
