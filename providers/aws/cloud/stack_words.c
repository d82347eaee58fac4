/* SPDX-License-Identifier: Apache-2.0 */
/* The words for a stack's resources and reasons (stack_log.h). Pure. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/stack_log.h"

/* The resources of template.yaml, in its order; '#' is the number of a zone. */
static const struct resource_name {
	const char *logical_id, *name, *type;
} resource_names[] = {
	{"Vpc", "VPC", "AWS::EC2::VPC"},
	{"InternetGateway", "Internet gateway", "AWS::EC2::InternetGateway"},
	{"InternetGatewayAttachment", "Internet gateway attachment", "AWS::EC2::VPCGatewayAttachment"},
	{"PublicRouteTable", "Route table", "AWS::EC2::RouteTable"},
	{"PublicDefaultRoute", "Route to the internet", "AWS::EC2::Route"},
	{"S3Endpoint", "S3 endpoint", "AWS::EC2::VPCEndpoint"},
	{"Subnet#", "Subnet #", "AWS::EC2::Subnet"},
	{"Subnet#RouteTableAssociation", "Route table association #",
		"AWS::EC2::SubnetRouteTableAssociation"},
	{"SecurityGroup", "Security group", "AWS::EC2::SecurityGroup"},
	{"SecurityGroupSelfIngress", "Security group rule, in from itself", "AWS::EC2::SecurityGroupIngress"},
	{"SecurityGroupSelfEgress", "Security group rule, out to itself", "AWS::EC2::SecurityGroupEgress"},
	{"Bucket", "S3 bucket", "AWS::S3::Bucket"},
	{"BucketPolicy", "S3 bucket policy", "AWS::S3::BucketPolicy"},
	{"FileSystem", "EFS file system", "AWS::EFS::FileSystem"},
	{"MountTarget#", "Mount target #", "AWS::EFS::MountTarget"},
	{"ControlPlaneRole", "Control-plane role", "AWS::IAM::Role"},
	{"NodeRole", "Node role", "AWS::IAM::Role"},
	{"NodeInstanceProfile", "Node instance profile", "AWS::IAM::InstanceProfile"},
	{"MemoryDBSubnetGroup", "MemoryDB subnet group", "AWS::MemoryDB::SubnetGroup"},
	{"MemoryDBParameterGroup", "MemoryDB parameter group", "AWS::MemoryDB::ParameterGroup"},
	{"MemoryDBCluster", "MemoryDB cluster", "AWS::MemoryDB::Cluster"},
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

static void expect(struct stack_expected *expected, struct arena *arena, const struct resource_name *row,
	int zone)
{
	char *logical_id = arena_strdup(arena, row->logical_id), *place = strchr(logical_id, '#');

	if (place)
		*place = (char)('0' + zone);
	expected->items[expected->count++] = (struct stack_resource_id){logical_id, row->type};
}

struct stack_expected stack_expected(struct arena *arena, const json_t *parameters)
{
	enum { NAMES = sizeof(resource_names) / sizeof(resource_names[0]), ZONES_MAX = 6 };
	struct stack_expected expected = {
		.items = NEW_ARRAY(arena, struct stack_resource_id, (size_t)NAMES * ZONES_MAX)};
	bool memorydb = text_equal(tree_text(parameters, "EnableMemoryDB"), "true");
	uint64_t zones;

	if (!text_number(tree_text(parameters, "ZoneCount"), 2, ZONES_MAX, &zones))
		return expected;
	for (size_t i = 0; i < NAMES; i++) {
		bool each_zone = strchr(resource_names[i].logical_id, '#');

		if (text_starts_with(resource_names[i].logical_id, "MemoryDB") && !memorydb)
			continue;
		for (int zone = 1; zone <= (each_zone ? (int)zones : 1); zone++)
			expect(&expected, arena, &resource_names[i], zone);
	}
	return expected;
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
