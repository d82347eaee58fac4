/* SPDX-License-Identifier: Apache-2.0 */
/* The words for a stack's resources and reasons (stack_log.h). Pure. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "providers/aws/stack_log.h"

/* Logical ids of template.yaml; '#' is one digit. */
static const struct resource_name {
	const char *logical_id, *name;
} resource_names[] = {
	{"Vpc", "VPC"},
	{"InternetGateway", "Internet gateway"},
	{"InternetGatewayAttachment", "Internet gateway attachment"},
	{"PublicRouteTable", "Route table"},
	{"PublicDefaultRoute", "Route to the internet"},
	{"S3Endpoint", "S3 endpoint"},
	{"Subnet#", "Subnet #"},
	{"Subnet#RouteTableAssociation", "Route table association #"},
	{"SecurityGroup", "Security group"},
	{"SecurityGroupSelfIngress", "Security group rule, in from itself"},
	{"SecurityGroupSelfEgress", "Security group rule, out to itself"},
	{"Bucket", "S3 bucket"},
	{"BucketPolicy", "S3 bucket policy"},
	{"FileSystem", "EFS file system"},
	{"MountTarget#", "Mount target #"},
	{"ControlPlaneRole", "Control-plane role"},
	{"NodeRole", "Node role"},
	{"NodeInstanceProfile", "Node instance profile"},
	{"MemoryDBSubnetGroup", "MemoryDB subnet group"},
	{"MemoryDBParameterGroup", "MemoryDB parameter group"},
	{"MemoryDBCluster", "MemoryDB cluster"},
};

/* Compare with '#' standing for one digit, which goes to *digit. */
static bool matches(const char *pattern, const char *logical_id, char *digit)
{
	for (; *pattern; pattern++, logical_id++) {
		if (*pattern == '#' && text_is_digit(*logical_id))
			*digit = *logical_id;
		else if (*pattern != *logical_id)
			return false;
	}
	return *logical_id == '\0';
}

const char *stack_resource_name(struct arena *arena, const char *logical_id)
{
	for (size_t i = 0; i < sizeof(resource_names) / sizeof(resource_names[0]); i++) {
		char digit = '#', *name, *place;

		if (!matches(resource_names[i].logical_id, logical_id, &digit))
			continue;
		name = arena_strdup(arena, resource_names[i].name);
		place = strchr(name, '#');
		if (place)
			*place = digit;
		return name;
	}
	return arena_strdup(arena, logical_id);
}

/* The word after label, up to a delimiter; NULL when label is not there. */
static const char *word_after(struct arena *arena, const char *text, const char *label)
{
	const char *word = strstr(text, label);

	if (!word)
		return NULL;
	word += strlen(label);
	return arena_strndup(arena, word, strcspn(word, ",;) \""));
}

/* Error Code of the service, else CloudFormation's handler code where that says something. */
static const char *code_of(struct arena *arena, const char *reason)
{
	const char *code = word_after(arena, reason, "Error Code: ");

	if (!code)
		code = word_after(arena, reason, "HandlerErrorCode: ");
	return text_equal(code, "GeneralServiceException") || text_equal(code, "InvalidRequest") ? NULL
												 : code;
}

const char *stack_reason(struct arena *arena, const char *reason)
{
	static const char handler[] = "Resource handler returned message: \"";
	const char *code = code_of(arena, reason), *end, *service;
	size_t length;

	if (text_starts_with(reason, handler)) {
		reason += sizeof(handler) - 1;
		end = strstr(reason, "\" (RequestToken:");
	} else {
		end = NULL;
	}
	length = end ? (size_t)(end - reason) : strlen(reason);
	service = strstr(reason, "(Service: ");
	if (service && (size_t)(service - reason) < length)
		length = (size_t)(service - reason);
	while (length > 0 && strchr(" .\n", reason[length - 1]))
		length--;
	if (length == 0)
		return code ? code : "no reason given";
	reason = arena_strndup(arena, reason, length);
	return code && !strstr(reason, code) ? arena_printf(arena, "%s (%s)", reason, code) : reason;
}
