/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what can be changed beside setup's choices, and of what stack statuses mean. */
#include "providers/aws/cloud/update/update_plan.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/setup_plan.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/template_version.h"
#include "providers/aws/cloud/update/drift_choice.h"

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define AT(member) offsetof(struct update_options, member)

/* --- what can be changed --- */

/* As the template has it, and none of another cloud's. */
static bool is_external_id(const char *text)
{
	return text_only(text, ALNUM "_+=,.@:/-", 2, 1224) && !text_starts_with(text, "cld_");
}

static bool is_origin(const char *text)
{
	const char *host = strstr(text, "://");

	if (text_equal(text, "*"))
		return true;
	return (text_starts_with(text, "https://") || text_starts_with(text, "http://")) &&
		text_only(host + 3, ALNUM "*.:-", 1, 255);
}

static const struct update_setting {
	const char *option;
	size_t offset;
	const char *parameter;
	bool (*valid)(const char *text); /* NULL: an IPv4 block */
	const char *form;                /* after "is not" */
	bool has_default;                /* in the template, so that it can be reset */
} settings[] = {
	{"https-cidr", AT(https_cidr), "HttpsCidr", .has_default = true},
	{"ssh-cidr", AT(ssh_cidr), "SshCidr", .has_default = true},
	{"control-plane-account", AT(control_plane_account), "ControlPlaneAccount", aws_account_valid,
		"an account id of 12 digits"},
	{"external-id", AT(external_id), "ExternalId", is_external_id,
		"an external id: 2 to 1224 of A-Z a-z 0-9 _+=,.@:/- that do not begin with cld_"},
	{"console-origin", AT(console_origin), "ConsoleOrigin", is_origin,
		"an origin: * or a scheme and host, such as https://console.example.com",
		.has_default = true},
	{"cloud-tag", AT(cloud_tag), "CloudTag", cloud_tag_valid, cloud_tag_form},
};

static const char *value_of(const struct update_options *options, const struct update_setting *setting)
{
	return *(const char *const *)((const char *)options + setting->offset);
}

/* The template's parameter of an option that can be reset; NULL: there is none of that name. */
static const char *resettable(const char *option)
{
	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		if (settings[i].has_default && text_equal(settings[i].option, option))
			return settings[i].parameter;
	return setup_choices_parameter(option);
}

static struct text_list resettable_options(struct arena *arena)
{
	struct option rows[OPTION_ROWS_MAX];
	size_t count = setup_choices_options_of_update(0, rows);
	struct text_list options = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		if (settings[i].has_default)
			text_list_add(arena, &options, settings[i].option);
	for (size_t i = 0; i < count; i++)
		if (setup_choices_parameter(rows[i].name))
			text_list_add(arena, &options, rows[i].name);
	return options;
}

static int check_setting(const struct update_setting *setting, const char *value, struct error *err)
{
	char option[64];

	snprintf(option, sizeof(option), "--%s", setting->option);
	if (!value)
		return 0;
	if (!setting->valid)
		return setup_plan_source(option, value, err);
	return setting->valid(value)
		? 0
		: error_set(err, ERROR_USAGE, "%s: '%s' is not %s", option, value, setting->form);
}

static int check_reset(struct arena *arena, const struct update_options *options, struct error *err)
{
	const json_t *named = update_named(arena, options);

	for (size_t i = 0; i < options->reset.count; i++) {
		const char *option = options->reset.items[i], *parameter = resettable(option);
		struct text_list all = resettable_options(arena);

		if (!parameter)
			return error_set(err, ERROR_USAGE, "--reset: '%s' is none of: %s", option,
				text_join(arena, &all, ", "));
		if (json_object_get(named, parameter))
			return error_set(err, ERROR_USAGE, "--reset: --%s has a new value, too", option);
	}
	return 0;
}

/* --continue takes back what failed; what else is asked for would be left undone. */
static int check_continue(struct arena *arena, const struct update_options *options, struct error *err)
{
	bool more = json_object_size(update_named(arena, options)) + options->choices.tags.count +
			options->reset.count + options->allow_loss.count >
		0;

	if (options->skip.count > 0 && !options->continues)
		return error_set(err, ERROR_USAGE, "--skip is for --continue");
	if (options->continues && (more || options->overwrite_template))
		return error_set(err, ERROR_USAGE,
			"--continue takes back an update that failed and changes nothing else; leave out the other options, and give them to the next update");
	return 0;
}

int update_options_check(struct arena *arena, const struct update_options *options, const char *region,
	struct error *err)
{
	const char *mistake = options->control_plane_account
		? control_plane_account_mistake(arena, options->control_plane_account, region)
		: NULL;

	if (options->memorydb_on && options->memorydb_off)
		return error_set(err, ERROR_USAGE,
			"head node fault tolerance can be enabled or disabled, not both");
	if (options->recreate_lost.count > 0 && !text_equal(options->drift, "revert"))
		return error_set(err, ERROR_USAGE, "--recreate-lost is for --drift revert");
	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		if (check_setting(&settings[i], value_of(options, &settings[i]), err) < 0)
			return -1;
	if (mistake)
		return error_set(err, ERROR_USAGE, "%s", mistake);
	if (setup_choices_check(arena, &options->choices, err) < 0)
		return -1;
	return check_continue(arena, options, err) < 0 ? -1 : check_reset(arena, options, err);
}

/* --- what is made of it --- */

const json_t *update_named(struct arena *arena, const struct update_options *options)
{
	json_t *named = tree_defer(arena, json_object());

	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		if (value_of(options, &settings[i]))
			json_object_set_new(named, settings[i].parameter,
				json_string(value_of(options, &settings[i])));
	if (options->memorydb_on || options->memorydb_off)
		json_object_set_new(named, "EnableMemoryDB",
			json_string(options->memorydb_on ? "true" : "false"));
	setup_choices_parameters(arena, &options->choices, named);
	return named;
}

static bool is_reset(const struct update_options *options, const char *parameter)
{
	for (size_t i = 0; i < options->reset.count; i++)
		if (text_equal(resettable(options->reset.items[i]), parameter))
			return true;
	return false;
}

/* What the record knows and an older stack does not. */
static void add_recorded(const struct cloud *cloud, const json_t *stack_parameters, json_t *list)
{
	const struct {
		const char *parameter, *value;
	} rows[] = {
		{"CloudName", cloud->name},
		{"Networking", cloud_networking_names[cloud->networking]},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (!json_object_get(stack_parameters, rows[i].parameter))
			json_array_append_new(list,
				json_pack("{s:s, s:s}", "ParameterKey", rows[i].parameter, "ParameterValue",
					rows[i].value));
}

/* One that is left out has the template's default (AWS CloudFormation API Reference, "Parameter"). */
const json_t *update_parameters(struct arena *arena, const struct update_options *options,
	const struct cloud *cloud, const json_t *stack_parameters)
{
	const json_t *named = update_named(arena, options);
	json_t *list = tree_defer(arena, json_array()), *value;
	const char *name;

	json_object_foreach ((json_t *)named, name, value)
		json_array_append_new(list,
			json_pack("{s:s, s:O}", "ParameterKey", name, "ParameterValue", value));
	json_object_foreach ((json_t *)stack_parameters, name, value)
		if (!json_object_get(named, name) && !is_reset(options, name) &&
			template_has_parameter(arena, name))
			json_array_append_new(list,
				json_pack("{s:s, s:b}", "ParameterKey", name, "UsePreviousValue", 1));
	add_recorded(cloud, stack_parameters, list);
	return list;
}

const json_t *update_tags(struct arena *arena, const struct update_options *options, const json_t *stack)
{
	json_t *tags;

	if (options->choices.tags.count == 0)
		return NULL;
	tags = tree_defer(arena, json_object());
	TREE_EACH (tag, stack, "Tags")
		if (!text_starts_with(tree_text(tag, "Key"), "aws:"))
			json_object_set_new(tags, tree_text(tag, "Key"),
				json_string(tree_text(tag, "Value")));
	setup_choices_tags(arena, &options->choices, tags);
	return tags;
}

int update_take(struct arena *arena, const struct stack *stack, struct cloud *cloud, struct error *err)
{
	struct aws_cloud *section = aws_cloud_edit(arena, cloud);
	const json_t *parameters = stack->parameters;

	section->stack_arn = stack->arn;
	section->control_plane_account = arena_strdup(arena, tree_text(parameters, "ControlPlaneAccount"));
	section->external_id = arena_strdup(arena, tree_text(parameters, "ExternalId"));
	section->cloud_tag = arena_strdup(arena, tree_text(parameters, "CloudTag"));
	section->setup = setup_choices_of_stack(arena, parameters, stack->description);
	return setup_plan_outputs(arena, stack->outputs, cloud, err);
}

const struct option update_option_rows[] = {
	{"https-cidr", 0, OPTION_TEXT, AT(https_cidr), "CIDR", "who may reach clusters by HTTPS"},
	{"ssh-cidr", 0, OPTION_TEXT, AT(ssh_cidr), "CIDR", "who may reach clusters by SSH"},
	{"control-plane-account", 0, OPTION_TEXT, AT(control_plane_account), "ID",
		"account that may assume the control-plane role"},
	{"external-id", 0, OPTION_TEXT, AT(external_id), "ID",
		"external id that it must present; the cloud's id"},
	{"cloud-tag", 0, OPTION_TEXT, AT(cloud_tag), "KEY", "tag of what the control plane makes"},
	{"console-origin", 0, OPTION_TEXT, AT(console_origin), "ORIGIN",
		"origin of the web console that reads logs from the bucket"},
	{"enable-head-node-fault-tolerance", 0, OPTION_FLAG, AT(memorydb_on), NULL,
		"create a MemoryDB cluster, which takes about 20 minutes"},
	{"disable-head-node-fault-tolerance", 0, OPTION_FLAG, AT(memorydb_off), NULL,
		"delete the MemoryDB cluster; with --allow-loss MemoryDBCluster"},
	{"", 0, OPTION_ROWS, AT(choices), .make = setup_choices_options_of_update},
	{"reset", 0, OPTION_LIST, AT(reset), "OPTION",
		"give an option its default value again, such as ssh-cidr; may be repeated"},
	{"allow-loss", 0, OPTION_LIST, AT(allow_loss), "LOGICALID",
		"resource whose data may be lost, by its name in the template; may be repeated"},
	{"overwrite-template", 0, OPTION_FLAG, AT(overwrite_template), NULL,
		"put cloudctl's template in the place of one that somebody edited"},
	{"continue", 0, OPTION_FLAG, AT(continues), NULL,
		"go on with taking an update back, where that failed; what failed is shown first"},
	{"skip", 0, OPTION_LIST, AT(skip), "LOGICALID",
		"with --continue: a resource that failed stays as it is; may be repeated"},
	{"drift", 0, OPTION_TEXT, AT(drift), "WHAT",
		"what becomes of what somebody else changed; without a terminal, or with --yes, ask is fail",
		.choices = drift_choices},
	{"recreate-lost", 0, OPTION_LIST, AT(recreate_lost), "LOGICALID",
		"resource that somebody deleted with its data, to be made again, empty; with --drift revert; may be repeated"},
	{"plan", 0, OPTION_FLAG, AT(plan), NULL, "print what would change, and change nothing"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL, "agree to the question"},
	{NULL},
};
