/* SPDX-License-Identifier: Apache-2.0 */
/* The table of setup_choices.h. */
#include "providers/aws/cloud/setup_choices.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/member.h"
#include "base/option.h"
#include "base/shell_word.h"
#include "base/tree.h"
#include "base/utf8.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/iam/arn.h"

/* --- what is valid --- */

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

enum {
	/* of a tag, in characters (CloudFormation API Reference, "Tag"; its values must not be empty) */
	TAG_KEY_MAX = 128,
	TAG_VALUE_MAX = 256,
	/* of one resource (AWS General Reference, "Tagging AWS resources"), */
	TAGS_MAX = 50,
	/* of which the template needs its own: Name, the cloud's, the control plane's */
	TAGS_OWN = 3,
	DAYS_MAX = 36500,
	/* The role's policies, which name them, have 10,240 characters together (IAM quotas); the template has these too. */
	EXTRA_ROLES_MAX = 500,
	PATH_LENGTH_MAX = 128,
	/* a UUID, or mrk- and 32 digits (KMS API Reference, "DescribeKey", KeyId) */
	KEY_ID_LENGTH = 36,
};

/* Letters of any script, digits, spaces and _.:/=+-@ (IAM API Reference, "Tag"); which letters there are, AWS judges. */
static bool is_tag_text(const char *text, size_t length, size_t most)
{
	size_t characters = 0, size;
	uint32_t point = 0;

	for (size_t at = 0; at < length; at += size, characters++) {
		size = utf8_decode(text + at, length - at, &point);
		if (size == 0 || utf8_is_control(point) ||
			(size == 1 && !strchr(ALNUM " _.:/=+-@", text[at])))
			return false;
	}
	return characters >= 1 && characters <= most;
}

static bool is_tag(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals && is_tag_text(text, (size_t)(equals - text), TAG_KEY_MAX) &&
		is_tag_text(equals + 1, strlen(equals + 1), TAG_VALUE_MAX);
}

static bool is_managed_policy(const char *text)
{
	size_t digits;
	const char *account = arn_find(text, ARN_ACCOUNT, &digits);

	return text_glob("arn:aws*:iam::*:policy/?*", text, false) &&
		text_only(text, ALNUM ":/_+=,.@-", 20, 2048) &&
		((digits == 3 && text_starts_with(account, "aws:")) ||
			(digits == 12 && strspn(account, "0123456789") == 12)) &&
		!text_ends_with(text, "/");
}

/* What the template's parameter takes of them together has a limit too. */
static bool is_extra_role(const char *text)
{
	return kind_role_valid(text) && !strchr(text, ',');
}

/* An account's root, a role or a user; a session's ARN is of a role that ends. The template has the same pattern. */
static bool is_principal(const char *text)
{
	size_t digits, length;
	const char *account = arn_find(text, ARN_ACCOUNT, &digits);
	const char *resource = arn_find(text, ARN_RESOURCE, &length);

	return resource && digits == 12 && strspn(account, "0123456789") == 12 &&
		text_glob("arn:aws*:iam::*:*", text, false) && text_only(text, ALNUM ":/_+=.@-", 20, 2048) &&
		!strchr(resource, ':') &&
		(text_equal(resource, "root") || text_glob("role/?*", resource, false) ||
			text_glob("user/?*", resource, false));
}

/* Secrets Manager API Reference, "CreateSecret", Name. */
static bool is_secrets(const char *text)
{
	return text_only(text, ALNUM "/_+=.@-", 1, 512);
}

/* Not an alias: IAM's policies name keys (KMS Developer Guide, "Specifying KMS keys in IAM policy statements"). */
static bool is_key(const char *text)
{
	size_t digits, rest;
	const char *account = arn_find(text, ARN_ACCOUNT, &digits);
	const char *resource = arn_find(text, ARN_RESOURCE, &rest);

	return resource && digits == 12 && strspn(account, "0123456789") == 12 &&
		text_glob("arn:aws*:kms:?*:*:key/*", text, false) && text_only(text, ALNUM ":/-", 20, 256) &&
		text_starts_with(resource, "key/") &&
		text_only(resource + 4, ALNUM "-", KEY_ID_LENGTH, KEY_ID_LENGTH);
}

static bool is_days(const char *text)
{
	uint64_t days;

	return text_number(text, 0, DAYS_MAX, &days) && (text[0] != '0' || text[1] == '\0');
}

/* Those of AWS's own roles cannot be chosen (IAM User Guide, "Service-linked roles"). */
static bool is_path(const char *text)
{
	return text_only(text, ALNUM "/_+=,.@-", 1, PATH_LENGTH_MAX) && text[0] == '/' &&
		text_ends_with(text, "/") && !strstr(text, "//") &&
		!text_starts_with(text, "/aws-service-role/") && !text_starts_with(text, "/aws-reserved/");
}

/* --- the table --- */

#define AT(member) offsetof(struct setup_choices, member)
#define TAG_FORM \
	"a tag, KEY=VALUE: up to 128 and 256 letters, digits, spaces and _.:/=+-@, and neither of them empty"
#define BOUNDARY_FORM "the ARN of a managed policy, such as arn:aws:iam::123456789012:policy/boundary"
#define DAYS_FORM "a number of days up to 36500; 0 keeps them"
#define BUCKET_FORM "the name of a bucket"
#define KEY_FORM \
	"the ARN of a KMS key, such as arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab; an alias is not enough"
#define ROLE_FORM "a role's ARN, such as arn:aws:iam::123456789012:role/name"
#define PRINCIPAL_FORM \
	"the ARN of a role, a user or an account, such as arn:aws:iam::123456789012:role/people"
#define SECRETS_FORM "the beginning of a secret's name, such as ray/, without *"
#define PATH_FORM \
	"a path, such as /teams/ray/: it begins and ends with /, has at most 128 characters and is not one of AWS's own"

struct choice {
	const char *option, *placeholder, *help;
	enum option_kind kind;
	size_t offset;
	bool (*valid)(const char *text); /* each item of a list */
	const char *form;                /* after "is not" */
	const char *parameter;           /* of the template; NULL: it has none */
	const char *actions;             /* that CloudFormation then needs in addition; NULL: none */
	const char *usual;               /* what the template has without it; NULL: nothing */
	const char *update_actions;      /* the same for an update */
	bool fixed;                      /* once the stack is there */
	bool of_ray;                     /* only together with with_ray */
	unsigned part;                   /* enum stack_part: only with this part of the stack; 0: always */
};

/* clang-format off */
static const struct choice choices_table[] = {
	{"tag", "KEY=VALUE", "tag of everything that is made; may be repeated, or several with commas",
	 OPTION_LIST, AT(tags), is_tag, TAG_FORM, NULL},
	{"permissions-boundary", "ARN", "managed policy that bounds what the roles may do",
	 OPTION_TEXT, AT(permissions_boundary), is_managed_policy, BOUNDARY_FORM, "PermissionsBoundary",
	 .update_actions = "iam:DeleteRolePermissionsBoundary iam:PutRolePermissionsBoundary"},
	{"role-path", "PATH", "path of the roles and of the instance profiles; /",
	 OPTION_TEXT, AT(role_path), is_path, PATH_FORM, "RolePath", .usual = "/", .fixed = true},
	{"old-version-days", "DAYS", "days after which the bucket's old versions of objects are deleted; 90",
	 OPTION_TEXT, AT(old_version_days), is_days, DAYS_FORM, "OldVersionDays", .usual = "90"},
	{"access-log-bucket", "BUCKET", "bucket in which S3 logs requests to the cloud's bucket; none",
	 OPTION_TEXT, AT(access_log_bucket), kind_bucket_valid, BUCKET_FORM, "AccessLogBucket", "s3:PutBucketLogging",
	 .update_actions = "s3:PutBucketLogging"},
	{"kms-key", "ARN", "KMS key that encrypts the bucket, the file system and MemoryDB; keys of AWS's own",
	 OPTION_TEXT, AT(kms_key), is_key, KEY_FORM, "KmsKey", "kms:CreateGrant kms:DescribeKey",
	 .part = PART_MEMORYDB, .fixed = true},
	{"extra-node-role-arn", "ARN", "other role that clusters may run with; may be repeated",
	 OPTION_LIST, AT(extra_node_role_arns), is_extra_role, ROLE_FORM, "ExtraNodeRoleArns"},
	{"node-cloudwatch", NULL, "let the instances write metrics and logs to CloudWatch",
	 OPTION_FLAG, AT(node_cloudwatch), NULL, NULL, "NodeCloudWatch"},
	{"node-secrets", "PREFIX", "let the instances read secrets whose names begin so",
	 OPTION_TEXT, AT(node_secrets), is_secrets, SECRETS_FORM, "NodeSecrets"},
	{"with-ray", NULL, "also make roles and instance profiles for clusters that ray up starts",
	 OPTION_FLAG, AT(with_ray), NULL, NULL, "WithRay"},
	{"launcher-principal", "ARN", "who may assume the role that runs ray up; may be repeated",
	 OPTION_LIST, AT(launcher_principals), is_principal, PRINCIPAL_FORM, "RayLaunchers", .of_ray = true},
	{"launcher-mfa", NULL, "let them do so with multi-factor authentication only",
	 OPTION_FLAG, AT(launcher_mfa), NULL, NULL, "RayLauncherMfa", .of_ray = true},
	{"ray-session-manager", NULL, "let Session Manager open shells on Ray's instances",
	 OPTION_FLAG, AT(ray_session_manager), NULL, NULL, "RaySessions", .of_ray = true},
	{"ray-fsx", NULL, "let Ray's instances find FSx file systems and move data between them and S3",
	 OPTION_FLAG, AT(ray_fsx), NULL, NULL, "RayFsx", .of_ray = true},
	{"no-efs", NULL, "make no EFS file system",
	 OPTION_FLAG, AT(no_efs), NULL, NULL, "NoFileSystem", .fixed = true},
};
/* clang-format on */

static const struct member member_rows[] = {
	{"tags", MEMBER_LIST, AT(tags), .valid = is_tag, .form = TAG_FORM, .most = TAGS_MAX},
	{"permissions_boundary", MEMBER_TEXT, AT(permissions_boundary), .valid = is_managed_policy,
		.form = BOUNDARY_FORM},
	{"role_path", MEMBER_TEXT, AT(role_path), .valid = is_path, .form = PATH_FORM},
	{"old_version_days", MEMBER_TEXT, AT(old_version_days), .valid = is_days, .form = DAYS_FORM},
	{"access_log_bucket", MEMBER_TEXT, AT(access_log_bucket), .valid = kind_bucket_valid,
		.form = BUCKET_FORM},
	{"kms_key", MEMBER_TEXT, AT(kms_key), .valid = is_key, .form = KEY_FORM},
	{"extra_node_role_arns", MEMBER_LIST, AT(extra_node_role_arns), .valid = is_extra_role,
		.form = ROLE_FORM},
	{"node_cloudwatch", MEMBER_FLAG, AT(node_cloudwatch)},
	{"node_secrets", MEMBER_TEXT, AT(node_secrets), .valid = is_secrets, .form = SECRETS_FORM},
	{"with_ray", MEMBER_FLAG, AT(with_ray)},
	{"launcher_principals", MEMBER_LIST, AT(launcher_principals), .valid = is_principal,
		.form = PRINCIPAL_FORM},
	{"launcher_mfa", MEMBER_FLAG, AT(launcher_mfa)},
	{"ray_session_manager", MEMBER_FLAG, AT(ray_session_manager)},
	{"ray_fsx", MEMBER_FLAG, AT(ray_fsx)},
	{"no_efs", MEMBER_FLAG, AT(no_efs)},
};
const struct member_table setup_choices_table = {MEMBER_TABLE(struct setup_choices, member_rows)};

static size_t options(size_t offset, bool of_update, struct option *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++)
		if (!of_update || !choices_table[i].fixed)
			rows[count++] = (struct option){.name = choices_table[i].option,
				.kind = choices_table[i].kind,
				.offset = offset + choices_table[i].offset,
				.placeholder = choices_table[i].placeholder,
				.help = choices_table[i].help};
	return count;
}

size_t setup_choices_options(size_t offset, struct option *rows)
{
	return options(offset, false, rows);
}

size_t setup_choices_options_of_update(size_t offset, struct option *rows)
{
	return options(offset, true, rows);
}

static const void *at(const struct setup_choices *choices, const struct choice *choice)
{
	return (const char *)choices + choice->offset;
}

/* What was chosen, as a list; empty where nothing was. */
static struct text_list chosen(const struct setup_choices *choices, const struct choice *choice)
{
	static const char *yes[] = {"true"};
	const void *value = at(choices, choice);

	if (choice->kind == OPTION_LIST)
		return *(const struct text_list *)value;
	if (choice->kind == OPTION_FLAG)
		return (struct text_list){yes, *(const bool *)value ? 1 : 0};
	return (struct text_list){(const char **)value, *(const char *const *)value ? 1 : 0};
}

/* --- checks --- */

static const char *tag_key(struct arena *arena, const char *tag)
{
	return arena_strndup(arena, tag, strcspn(tag, "="));
}

/* IAM tells keys apart without regard to case (IAM User Guide, "Rules for tagging in IAM and AWS STS"). */
static int check_keys(struct arena *arena, const struct text_list *tags, struct error *err)
{
	struct text_list keys = {0};

	for (size_t i = 0; i < tags->count; i++) {
		const char *key = tag_key(arena, tags->items[i]),
			   *lowered = text_lowered(arena, key, strlen(key));

		if (text_starts_with(lowered, "aws:"))
			return error_set(err, ERROR_USAGE,
				"--tag: '%s' begins with aws:, which AWS keeps for itself", key);
		if (text_equal(lowered, "name") || text_equal(lowered, CLOUD_TAG))
			return error_set(err, ERROR_USAGE,
				"--tag: setup itself sets the tag '%s'; choose another key", key);
		if (text_list_has(&keys, lowered))
			return error_set(err, ERROR_USAGE,
				"--tag: '%s' is given twice; IAM ignores the case of keys", key);
		text_list_add(arena, &keys, lowered);
	}
	if (tags->count > TAGS_MAX - TAGS_OWN)
		return error_set(err, ERROR_USAGE,
			"--tag: %zu tags are too many; a resource has at most %d, and setup needs %d of them",
			tags->count, TAGS_MAX, TAGS_OWN);
	return 0;
}

int setup_choices_check(struct arena *arena, const struct setup_choices *choices, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++) {
		const struct choice *choice = &choices_table[i];
		struct text_list values = chosen(choices, choice);

		for (size_t k = 0; choice->valid && k < values.count; k++)
			if (!choice->valid(values.items[k]))
				return error_set(err, ERROR_USAGE, "--%s: '%s' is not %s", choice->option,
					values.items[k], choice->form);
		if (choice->of_ray && values.count > 0 && !choices->with_ray)
			return error_set(err, ERROR_USAGE, "--%s is about the roles of --with-ray; add that",
				choice->option);
	}
	if (strlen(text_join(arena, &choices->extra_node_role_arns, ",")) > EXTRA_ROLES_MAX)
		return error_set(err, ERROR_USAGE,
			"--extra-node-role-arn: together they are longer than %d characters, for which the control-plane role's policies have no room",
			EXTRA_ROLES_MAX);
	return check_keys(arena, &choices->tags, err);
}

const char *setup_choices_mistake(struct arena *arena, const struct setup_choices *choices,
	const char *region)
{
	const char *key = choices->kms_key, *partition = endpoint_partition(region)->name;

	if (!key ||
		(arn_field_is(key, ARN_REGION, region) && text_equal(arn_partition(arena, key), partition)))
		return NULL;
	return arena_printf(arena,
		"--kms-key: '%s' is not in the region %s; S3, EFS and MemoryDB take keys of their own region only",
		key, region);
}

/* --- what is made of them --- */

void setup_choices_merge(struct setup_choices *choices, const struct setup_choices *recorded)
{
	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++) {
		const struct choice *choice = &choices_table[i];
		size_t size = choice->kind == OPTION_LIST ? sizeof(struct text_list)
			: choice->kind == OPTION_FLAG     ? sizeof(bool)
							  : sizeof(const char *);

		if (chosen(choices, choice).count == 0)
			memcpy((char *)choices + choice->offset, at(recorded, choice), size);
	}
}

const char *setup_choices_words(struct arena *arena, const struct setup_choices *choices)
{
	const char *words = "";

	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++) {
		const struct choice *choice = &choices_table[i];
		struct text_list values = chosen(choices, choice);
		bool flag = choice->kind == OPTION_FLAG;

		for (size_t k = 0; k < values.count; k++)
			words = arena_printf(arena, "%s --%s%s%s", words, choice->option, flag ? "" : " ",
				flag ? "" : shell_word(arena, values.items[k]));
	}
	return words;
}

void setup_choices_parameters(struct arena *arena, const struct setup_choices *choices, json_t *parameters)
{
	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++) {
		struct text_list values = chosen(choices, &choices_table[i]);

		if (choices_table[i].parameter && values.count > 0)
			json_object_set_new(parameters, choices_table[i].parameter,
				json_string(text_join(arena, &values, ",")));
	}
}

struct setup_choices setup_choices_of_stack(struct arena *arena, const json_t *parameters,
	const json_t *stack)
{
	struct setup_choices choices = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++) {
		const struct choice *choice = &choices_table[i];
		const char *text = choice->parameter ? tree_text(parameters, choice->parameter) : "";
		void *value = (char *)&choices + choice->offset;

		if (!*text || text_equal(text, choice->usual))
			continue;
		if (choice->kind == OPTION_LIST)
			*(struct text_list *)value = text_split(arena, text, ',');
		else if (choice->kind == OPTION_FLAG)
			*(bool *)value = text_equal(text, "true");
		else
			*(const char **)value = arena_strdup(arena, text);
	}
	TREE_EACH (tag, stack, "Tags") {
		const char *key = tree_text(tag, "Key");

		if (!text_equal(key, CLOUD_TAG) && !text_starts_with(key, "aws:"))
			text_list_add(arena, &choices.tags,
				arena_printf(arena, "%s=%s", key, tree_text(tag, "Value")));
	}
	return choices;
}

json_t *setup_choices_document(const struct setup_choices *choices)
{
	json_t *document = json_object();

	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++) {
		const struct choice *choice = &choices_table[i];
		struct text_list values = chosen(choices, choice);

		if (values.count > 0)
			json_object_set_new(document, choice->option,
				choice->kind == OPTION_FLAG ? json_pack("[s]", "yes") : tree_array(&values));
	}
	return document;
}

static const char *join_actions(struct arena *arena, const struct setup_choices *choices, bool of_update,
	unsigned parts)
{
	struct text_list all = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++) {
		const struct choice *choice = &choices_table[i];
		const char *actions = of_update ? choice->update_actions : choice->actions;

		if (actions && chosen(choices, choice).count > 0 && (parts & choice->part) == choice->part)
			text_list_add(arena, &all, actions);
	}
	return text_join(arena, &all, " ");
}

const char *setup_choices_actions(struct arena *arena, const struct setup_choices *choices, unsigned parts)
{
	return join_actions(arena, choices, false, parts);
}

const char *setup_choices_update_actions(struct arena *arena, const struct setup_choices *choices)
{
	return join_actions(arena, choices, true, ~0U);
}

const char *setup_choices_parameter(const char *option)
{
	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++)
		if (text_equal(choices_table[i].option, option) && !choices_table[i].fixed)
			return choices_table[i].parameter;
	return NULL;
}

void setup_choices_tags(struct arena *arena, const struct setup_choices *choices, json_t *tags)
{
	for (size_t i = 0; i < choices->tags.count; i++)
		json_object_set_new(tags, tag_key(arena, choices->tags.items[i]),
			json_string(strchr(choices->tags.items[i], '=') + 1));
}

static void add_difference(struct arena *arena, const char *option, const char *asked, const char *what,
	const char *has, struct text_list *differences)
{
	if (!text_equal(asked, has))
		text_list_add(arena, differences,
			arena_printf(arena, "--%s: asked for '%s', but its stack has %s '%s'", option, asked,
				what, has));
}

void setup_choices_differences(struct arena *arena, const struct setup_choices *choices,
	const json_t *stack_parameters, const json_t *stack, struct text_list *differences)
{
	for (size_t i = 0; i < ARRAY_LENGTH(choices_table); i++) {
		const struct choice *choice = &choices_table[i];
		struct text_list values = chosen(choices, choice);

		if (choice->parameter && values.count > 0)
			add_difference(arena, choice->option, text_join(arena, &values, ","),
				choice->parameter, tree_text(stack_parameters, choice->parameter),
				differences);
	}
	for (size_t i = 0; i < choices->tags.count; i++) {
		const char *key = tag_key(arena, choices->tags.items[i]);

		add_difference(arena, "tag", strchr(choices->tags.items[i], '=') + 1, key,
			tree_text(tree_find(stack, "Tags", "Key", key), "Value"), differences);
	}
}
