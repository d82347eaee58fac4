/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl verify`: check a cloud; the exit code is the verdict. */
#include "cmd/verify.h"

#include "base/array.h"
#include "cmd/context.h"

struct verify_options verify_choice(const struct verify_command_options *options)
{
	return (struct verify_options){.only = options->only,
		.skip = options->skip,
		.optional = options->simulate};
}

/* Options that say something else than another one, or that only one cloud can have. */
static int check_pairs(const struct context *context, const struct verify_command_options *options,
	struct error *err)
{
	const bool facts = options->facts, named = selector_names(&context->selector);
	const bool chosen = options->only.count + options->skip.count > 0 || options->strict ||
		options->simulate || options->save_facts;
	const bool ignores = verify_ignore_asked(&options->ignore), launches = options->functional.what;
	const struct {
		bool both;
		const char *why;
	} rows[] = {
		{facts && named, "--facts: name no cloud; it is in the saved facts"},
		{facts && options->save_facts, "--facts and --save-facts: these facts are saved already"},
		{facts && options->watch, "--facts and --watch: saved facts do not change"},
		{facts && ignores, "--facts: ignored findings are kept in a record, and none is used here"},
		{launches && options->all, "--all and --functional-verify: launch in one cloud at a time"},
		{launches && facts, "--facts and --functional-verify: saved facts are no cloud to launch in"},
		{launches && options->watch,
			"--watch and --functional-verify: each round would launch an instance"},
		{options->sweep && (launches || options->all || facts || options->watch || ignores || chosen),
			"--sweep only takes away what functional verifications left; with it go CLOUD and --yes"},
		{options->all && named, "--all: name no cloud; all are verified"},
		{options->all && facts, "--all and --facts: saved facts are about one cloud"},
		{options->all && options->save_facts, "--all and --save-facts: facts are about one cloud"},
		{options->all && options->watch, "--all and --watch: choose one"},
		{options->all && ignores, "--all: ignored findings are recorded cloud by cloud"},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (rows[i].both)
			return error_set(err, ERROR_USAGE, "%s", rows[i].why);
	return 0;
}

static int verify_run_command(struct context *context, const void *data, struct error *err)
{
	const struct verify_command_options *options = data;

	if (check_pairs(context, options, err) < 0 || verify_functional_check(options, err) < 0 ||
		verify_ignore_check(&options->ignore, context->arena, err) < 0)
		return -1;
	if (options->sweep)
		return verify_sweep(context, options, err);
	if (options->all)
		return verify_all(context, options, err);
	return options->facts ? verify_saved(context, options, err) : verify_recorded(context, options, err);
}

#define AT(member) offsetof(struct verify_command_options, member)

static const struct option verify_rows[] = {
	{"only", 0, OPTION_LIST, AT(only), "GLOBS", "run only the checks whose ids match: 'vpc.*,iam.*'"},
	{"skip", 0, OPTION_LIST, AT(skip), "GLOBS", "leave out the checks whose ids match"},
	{"strict", 0, OPTION_FLAG, AT(strict), NULL, "treat warnings as failures: exit code 1"},
	{"simulate", 0, OPTION_FLAG, AT(simulate), NULL,
		"also ask IAM's policy simulator what the roles may do; adds evidence and changes no verdict"},
	{"all", 0, OPTION_FLAG, AT(all), NULL, "verify every cloud of the registry, many at a time"},
	{"ignore", 0, OPTION_LIST, AT(ignore.ignore), "CHECK[=ID]",
		"record that a finding is accepted (for one resource); it then counts in no verdict"},
	{"reason", 0, OPTION_TEXT, AT(ignore.reason), "TEXT", "why it is accepted; required with --ignore"},
	{"unignore", 0, OPTION_LIST, AT(ignore.unignore), "CHECK[=ID]", "no longer accept it"},
	{"save-facts", 0, OPTION_TEXT, AT(save_facts), "FILE",
		"also write what AWS answered to FILE, for --facts"},
	{"facts", 0, OPTION_TEXT, AT(facts), "FILE", "judge what --save-facts wrote, without contacting AWS"},
	{"watch", 0, OPTION_TEXT, AT(watch), "TIME",
		"verify again every TIME (60s, 5m) until stopped, and report what has changed"},
	{"", 0, OPTION_ROWS, AT(functional), .make = verify_functional_options},
	{"sweep", 0, OPTION_FLAG, AT(sweep), NULL,
		"check nothing; look for instances, volumes and objects that functional verifications left, and take them away"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL,
		"agree to every question: that of --functional-verify, that of --sweep"},
	{NULL},
};

const struct command command_verify = {
	.name = "verify",
	.arguments = "[CLOUD]",
	.summary = "check a cloud's resources; the exit code tells the verdict",
	.description =
		"Reads the cloud's resources from AWS and checks each of them against the documented requirements.\n"
		"Changes nothing in AWS, unless --functional-verify launches an instance or --sweep\n"
		"removes one. The record keeps a summary of the result.\n"
		"\n"
		"  cloudctl verify prod\n"
		"  cloudctl verify prod --only 'subnets.*,security-groups.*' --strict\n"
		"  cloudctl verify prod --save-facts facts.json; cloudctl verify --facts facts.json\n"
		"  cloudctl verify prod --functional-verify workspace\n"
		"  cloudctl verify prod --sweep\n"
		"\n"
		"Exit codes: 0 no check failed, 1 a check failed, 3 something could not be determined. With --sweep:\n"
		"0 nothing is left, 4 something may be, 5 not confirmed.",
	.needs = NEEDS_CLOUD | WRITES_REPORTS,
	.options = verify_rows,
	.options_size = sizeof(struct verify_command_options),
	.effect = EFFECT_NONE,
	.judges = true,
	.run = verify_run_command,
};
