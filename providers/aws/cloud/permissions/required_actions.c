/* SPDX-License-Identifier: Apache-2.0 */
/* From a row to a request: the resource's ARN, and the condition keys whose values are certain. */
#include "providers/aws/cloud/permissions/required_actions.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/iam/arn.h"

#define CLOUDFORMATION "cloudformation.amazonaws.com"

enum { KEYS_MAX = 48, ARN_MAX = 2048, TAGS_MAX = 3 };

static const char *const usual_tags[] = {CLOUD_TAG, ANYSCALE_TAG};

/* A tag of what the control plane makes. value NULL: that certainly has no such tag. */
struct tag {
	const char *key, *value;
};

/* What does not change from row to row. */
struct setting {
	struct arena *arena;
	const struct required_by *by;
	const struct access_policies *policies;
	const char *partition, *account;
	const char *domain; /* what a service's name ends with */
	struct tag tags[TAGS_MAX];
	size_t tag_count;
};

struct keys {
	const struct setting *setting;
	struct request_context_value values[KEYS_MAX];
	size_t count;
};

/* value NULL: the key is certainly absent. */
static struct request_context_value *add(struct keys *keys, const char *key, const char *value)
{
	struct request_context_value *added = &keys->values[keys->count++];

	*added = (struct request_context_value){.key = key};
	if (value)
		text_list_add(keys->setting->arena, &added->values, value);
	return added;
}

/* The region of the key, which is that of its bucket ("the bucket and the KMS key must be in the same Region"). */
static const char *key_region(const struct setting *setting)
{
	size_t length;
	const char *region = arn_find(setting->by->key_arn, ARN_REGION, &length);

	return region ? arena_strndup(setting->arena, region, length) : setting->by->cloud->region;
}

/* Where AWS is asked for the action; NULL: not known. S3 is asked where the bucket is, and asks for its key there. */
static const char *region_of(const struct setting *setting, const char *action)
{
	if (text_starts_with(action, "iam:"))
		return strcmp(setting->partition, "aws") == 0 ? "us-east-1" : NULL;
	if (text_starts_with(action, "s3:"))
		return setting->by->bucket_region;
	return text_starts_with(action, "kms:") ? key_region(setting) : setting->by->cloud->region;
}

static void add_caller(struct keys *keys, const char *action)
{
	const struct setting *setting = keys->setting;
	const char *region = region_of(setting, action);

	/* S3 refuses anything older; which of the two a client speaks is its own affair. */
	if (text_starts_with(action, "s3:"))
		text_list_add(setting->arena, &add(keys, "s3:TlsVersion", "1.2")->values, "1.3");
	add(keys, "aws:SecureTransport", "true");
	add(keys, "aws:PrincipalArn", setting->by->role_arn);
	add(keys, "aws:PrincipalAccount", setting->account);
	add(keys, "aws:PrincipalType", "AssumedRole");
	add(keys, "aws:PrincipalIsAWSService", "false");
	add(keys, "aws:PrincipalServiceName", NULL);
	add(keys, "aws:username", NULL);
	if (setting->by->role_id)
		add(keys, "aws:userid", arena_printf(keys->setting->arena, "%s:", setting->by->role_id))
			->open = true;
	if (region)
		add(keys, "aws:RequestedRegion", region);
	if (region && text_starts_with(action, "ec2:"))
		add(keys, "ec2:Region", region);
}

static void add_path(struct keys *keys, unsigned context_flags)
{
	bool direct = context_flags & BY_THE_ROLE;
	const char *through = direct ? NULL : CLOUDFORMATION;

	if (!(context_flags & (BY_THE_ROLE | BY_CLOUDFORMATION)))
		return;
	add(keys, "aws:CalledVia", through);
	add(keys, "aws:CalledViaFirst", through);
	add(keys, "aws:CalledViaLast", through);
	add(keys, "aws:ViaAWSService", direct ? "false" : "true");
}

static void add_tag_keys(struct keys *keys, const char *prefix)
{
	const struct setting *setting = keys->setting;

	for (size_t i = 0; i < setting->tag_count; i++)
		add(keys, arena_printf(setting->arena, "%s/%s", prefix, setting->tags[i].key),
			setting->tags[i].value);
}

static void add_request_tags(struct keys *keys)
{
	const struct setting *setting = keys->setting;
	struct request_context_value *tag_keys;

	add_tag_keys(keys, "aws:RequestTag");
	tag_keys = add(keys, "aws:TagKeys", NULL);
	for (size_t i = 0; i < setting->tag_count; i++)
		if (setting->tags[i].value)
			text_list_add(setting->arena, &tag_keys->values, setting->tags[i].key);
	tag_keys->more = true;
}

static void add_tags(struct keys *keys, const char *action, unsigned context_flags)
{
	static const char *const create_actions[] = {"ec2:CreateAction", "cloudformation:CreateAction",
		"elasticloadbalancing:CreateAction"};

	if (context_flags & ON_TAGGED) {
		add_tag_keys(keys, "aws:ResourceTag");
		if (text_starts_with(action, "ec2:"))
			add_tag_keys(keys, "ec2:ResourceTag");
	}
	if (context_flags & UNTAGGED) {
		add(keys, "aws:ResourceTag/*", NULL);
		add(keys, "ec2:ResourceTag/*", NULL);
		add(keys, "cloudformation:RoleArn", NULL);
	}
	if (context_flags & WITH_TAGS) {
		add_request_tags(keys);
	} else if (context_flags & NAMING) {
		add(keys, "aws:RequestTag/Name", "")->open = true;
		add(keys, "aws:RequestTag/*", NULL);
		add(keys, "aws:TagKeys", "Name");
	} else if (context_flags & ELSE_WITH_TAGS) {
		add(keys, "aws:RequestTag/*", NULL);
		add(keys, "aws:TagKeys", NULL);
	}
	/* Tagging that belongs to a creation names what creates; later nothing does. */
	if (context_flags & AT_LAUNCH)
		add(keys, "ec2:CreateAction", "RunInstances");
	else if (context_flags & (ON_TAGGED | UNTAGGED))
		for (size_t i = 0; i < ARRAY_LENGTH(create_actions); i++)
			add(keys, create_actions[i], NULL);
}

/*
 * What S3 gives KMS with each request: the bucket's ARN where a bucket key is used, else the object's (Amazon S3 User
 * Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys"). An upload may add a context of its own.
 */
static void add_encryption_context(struct keys *keys)
{
	const struct setting *setting = keys->setting;
	const char *bucket = aws_cloud(setting->by->cloud)->resources.bucket;

	if (bucket)
		add(keys, "kms:EncryptionContext:aws:s3:arn",
			arena_printf(setting->arena, "arn:%s:s3:::%s%s", setting->partition, bucket,
				setting->by->bucket_key ? "" : "/"))
			->open = !setting->by->bucket_key;
	add(keys, "kms:EncryptionContextKeys", "aws:s3:arn")->more = true;
}

static void add_particulars(struct keys *keys, unsigned context_flags)
{
	const struct setting *setting = keys->setting;
	const struct cloud *cloud = setting->by->cloud;

	if ((context_flags & IN_VPC) && aws_cloud(cloud)->resources.vpc_id)
		add(keys, "ec2:Vpc",
			arena_printf(keys->setting->arena, "arn:%s:ec2:%s:%s:vpc/%s", setting->partition,
				cloud->region, setting->account, aws_cloud(cloud)->resources.vpc_id));
	if (context_flags & PASSING_TO_EC2)
		add(keys, "iam:PassedToService",
			arena_printf(keys->setting->arena, "ec2.%s", setting->domain));
	if (context_flags & FOR_SPOT)
		add(keys, "iam:AWSServiceName", "spot.amazonaws.com");
	if (context_flags & FOR_LOAD_BALANCING)
		add(keys, "iam:AWSServiceName", "elasticloadbalancing.amazonaws.com");
	if (context_flags & FOR_AN_AWS_RESOURCE)
		add(keys, "kms:GrantIsForAWSResource", "true");
	if (context_flags & (THROUGH_S3 | THROUGH_EC2)) {
		add(keys, "kms:ViaService",
			arena_printf(keys->setting->arena, "%s.%s.%s",
				context_flags & THROUGH_S3 ? "s3" : "ec2", key_region(setting),
				setting->domain));
		add(keys, "kms:CallerAccount", setting->account);
	}
	if (context_flags & THROUGH_S3)
		add_encryption_context(keys);
}

/*
 * Through an endpoint a request says which, and no address ("included in the request context except when the requester
 * uses a VPC endpoint", aws:SourceIp); else it says the opposite. AWS global condition context keys.
 */
static void add_endpoints(struct keys *keys)
{
	const struct setting *setting = keys->setting;
	const struct text_list *ids = setting->by->endpoints;
	const char *vpc_id = aws_cloud(setting->by->cloud)->resources.vpc_id;

	if (!ids)
		return;
	add(keys, "aws:SourceVpce", NULL)->values = *ids;
	add(keys, "aws:SourceVpc", ids->count > 0 ? vpc_id : NULL);
	if (ids->count > 0)
		add(keys, "aws:SourceIp", NULL);
	else
		add(keys, "aws:VpcSourceIp", NULL);
}

/* Whose the resource is: an ARN with an account says so itself, a bucket is the cloud's account's. */
static void add_resource_owner(struct keys *keys, const char *arn)
{
	const struct setting *setting = keys->setting;
	const char *account = arn_account(keys->setting->arena, arn);

	if (strstr(arn, ":s3:::"))
		account = setting->by->cloud->account ? setting->by->cloud->account : setting->account;
	if (*account)
		add(keys, "aws:ResourceAccount", account);
	if (strstr(arn, ":s3:::"))
		add(keys, "s3:ResourceAccount", account);
}

static struct request_context make_context(const struct setting *setting, const char *action,
	struct request_text resource, unsigned context_flags)
{
	struct keys *keys = NEW(setting->arena, struct keys);

	keys->setting = setting;
	add_caller(keys, action);
	keys->count += request_context_time(setting->arena, setting->by->now_ms, keys->values + keys->count);
	add_path(keys, context_flags);
	add_tags(keys, action, context_flags);
	add_particulars(keys, context_flags);
	add_endpoints(keys);
	add_resource_owner(keys, resource.text);
	return (struct request_context){action, resource, keys->values, keys->count};
}

/* Names in the newest of the documented policies, and in the template. */
static const char *balancer_prefix(const struct cloud *cloud)
{
	const char *key = cloud_tag(cloud);

	return !key || text_equal(key, ANYSCALE_TAG) ? "anyscale" : "cloudctl";
}

/* The value of a placeholder, whose name has length bytes; NULL when it is not known. item: the subnet or group. */
static const char *placeholder(const struct setting *setting, const char *name, size_t length,
	const char *item)
{
	const struct cloud *cloud = setting->by->cloud;
	const struct {
		const char *name, *value;
	} values[] = {
		{"partition", setting->partition},
		{"region", cloud->region},
		{"account", setting->account},
		{"subnet", item},
		{"group", item},
		{"bucket", aws_cloud(cloud)->resources.bucket},
		{"file-system", aws_cloud(cloud)->resources.file_system_id},
		{"node-role", aws_cloud(cloud)->resources.node_role_arn},
		{"node-name", arn_name(aws_cloud(cloud)->resources.node_role_arn)},
		{"key", setting->by->key_arn},
		{"stack", aws_cloud(cloud)->stack_arn},
		{"balancer", balancer_prefix(cloud)},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(values); i++)
		if (strlen(values[i].name) == length && strncmp(values[i].name, name, length) == 0)
			return values[i].value;
	return NULL;
}

static struct request_text fill(const struct setting *setting, const char *resource, const char *item)
{
	struct str text = {.arena = setting->arena, .max = ARN_MAX};

	if (strcmp(resource, "*") == 0)
		return (struct request_text){.text = resource};
	while (*resource) {
		size_t length = strcspn(resource, "{*");
		const char *value;

		str_add(&text, resource, length);
		resource += length;
		if (*resource != '{')
			break;
		length = strcspn(resource, "}");
		value = placeholder(setting, resource + 1, length - 1, item);
		if (!value)
			return (struct request_text){str_text(&text), true};
		str_puts(&text, value);
		resource += length + 1;
	}
	return (struct request_text){str_text(&text), *resource == '*'};
}

/* The id that a condition on the tag asks for. */
static const char *asked_in(const struct access_policy *policy, const char *key)
{
	for (size_t i = 0; i < policy->policy.count; i++)
		for (size_t k = 0; k < policy->policy.statements[i].condition_count; k++) {
			const struct condition *condition = &policy->policy.statements[i].conditions[k];
			const char *tag = strchr(condition->key, '/');

			if (tag && text_equal_nocase(tag + 1, key) && condition->values.count > 0 &&
				!strstr(condition->op, "Null"))
				return condition->values.items[0];
		}
	return NULL;
}

static const char *asked_id(const struct access_policies *policies, const char *key)
{
	const char *id = NULL;

	for (size_t i = 0; i < policies->identity_count && !id; i++)
		id = asked_in(&policies->identity[i], key);
	if (!id && policies->boundary)
		id = asked_in(policies->boundary, key);
	return id;
}

static void add_tag(struct setting *setting, const char *key, const char *value)
{
	setting->tags[setting->tag_count++] = (struct tag){key, value};
}

/* See required_decide(). */
static void set_tags(struct setting *setting)
{
	const struct cloud *cloud = setting->by->cloud;
	const char *key = cloud_tag(cloud), *asked = asked_id(setting->policies, key ? key : ANYSCALE_TAG);

	if (!key) {
		add_tag(setting, CLOUD_TAG, cloud->id);
		if (asked)
			add_tag(setting, ANYSCALE_TAG, asked);
		return;
	}
	if (cloud->deployment == DEPLOYMENT_MANAGED || text_equal(key, CLOUD_TAG) || !asked)
		asked = cloud->id;
	add_tag(setting, key, asked);
	for (size_t i = 0; i < ARRAY_LENGTH(usual_tags); i++)
		if (!text_equal(key, usual_tags[i]))
			add_tag(setting, usual_tags[i], NULL);
}

/* Put the row's action on a resource to the policies, with what these flags make certain: answer->context, ->access. */
static void ask(const struct setting *setting, unsigned context_flags, struct required_answer *answer)
{
	struct iam_request request = {
		.caller = {.account = setting->account, .arn = setting->by->role_arn},
		.context = make_context(setting, answer->action, answer->context.resource, context_flags),
	};

	answer->context = request.context;
	answer->access = access_decide(setting->policies, &request);
}

/* The ARN that AWS has told, else what the record makes of it. */
static struct request_text resource_of(const struct setting *setting, const struct required_action *row,
	const char *item)
{
	if (setting->by->profile_arn && strstr(row->resource, ":instance-profile/") &&
		arn_field_is(setting->by->profile_arn, ARN_ACCOUNT, setting->account))
		return (struct request_text){.text = setting->by->profile_arn};
	return fill(setting, row->resource, item);
}

static struct required_answer answer(const struct setting *setting, const struct required_action *row,
	const char *item)
{
	struct request_text resource = resource_of(setting, row, item);
	struct required_answer answer = {
		.action = row->action,
		.resource = resource.open ? arena_printf(setting->arena, "%s*", resource.text)
					  : resource.text,
		.context = {.resource = resource},
		.context_flags = row->context_flags,
		.lets = row->lets,
	};
	struct required_answer tagged = answer;

	ask(setting, row->context_flags, &answer);
	if (answer.access.decision.allowed == TRUTH_YES || !(row->context_flags & ELSE_WITH_TAGS))
		return answer;
	ask(setting, row->context_flags | WITH_TAGS, &tagged);
	tagged.note =
		"allowed only with a tag in the request, which that action cannot have: stopped instances cannot be started again";
	return tagged.access.decision.allowed == TRUTH_YES ? tagged : answer;
}

/* The ids that a row stands for; one NULL when it has no such placeholder, or the record has no ids. None: no stack. */
static struct text_list row_items(const struct setting *setting, const struct required_action *row)
{
	static const char *nothing[] = {NULL};
	const struct aws_resources *resources = &aws_cloud(setting->by->cloud)->resources;
	struct text_list items = {0};

	if (strstr(row->resource, "{stack}") && !aws_cloud(setting->by->cloud)->stack_arn)
		return items;
	if (strstr(row->resource, "{subnet}"))
		items = resources->subnet_ids;
	else if (strstr(row->resource, "{group}"))
		items = resources->security_group_ids;
	return items.count > 0 ? items : (struct text_list){nothing, 1};
}

struct required_answers required_decide(struct arena *arena, const struct required_list *list,
	const struct required_by *by, const struct access_policies *policies)
{
	const char *partition = arn_partition(arena, by->role_arn);
	struct setting setting = {
		.arena = arena,
		.by = by,
		.policies = policies,
		.partition = partition,
		.domain = text_equal(partition, "aws-cn") ? "amazonaws.com.cn" : "amazonaws.com",
		.account = arn_account(arena, by->role_arn),
	};
	struct required_answers answers = {0};
	size_t room = 0;

	set_tags(&setting);
	for (size_t i = 0; i < list->count; i++)
		room += row_items(&setting, &list->rows[i]).count;
	answers.items = NEW_ARRAY(arena, struct required_answer, room);
	for (size_t i = 0; i < list->count; i++) {
		struct text_list items = row_items(&setting, &list->rows[i]);

		for (size_t k = 0; k < items.count; k++)
			answers.items[answers.count++] = answer(&setting, &list->rows[i], items.items[k]);
	}
	return answers;
}
