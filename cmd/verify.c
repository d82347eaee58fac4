/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl verify`: check a cloud; the exit code is the verdict. */
#include "verify/verify.h"

#include "base/file.h"
#include "base/str.h"
#include "cmd/command.h"
#include "cmd/saved_facts.h"
#include "cmd/verify_ignore.h"
#include "cmd/verify_rounds.h"

/* Two runs of verify that end together both keep their result; a long operation is not waited for. */
enum { STORE_WAIT_MS = 500, STORE_TEXT_MAX = 4096 };

struct verify_command_options {
	struct cloud_selector selector;
	struct text_list only, skip;
	struct verify_ignore ignore;
	const char *facts, *save_facts;
	const char *functional;
	const char *watch;
	bool strict, yes;
};

static int check_options(const struct verify_command_options *options, struct arena *arena, struct error *err)
{
	const struct cloud_selector *selector = &options->selector;

	if (options->functional)
		return error_set(err, ERROR_USAGE,
			"--functional-verify: functional verification is not part of this version; "
			"run verify without it");
	if (options->facts && (selector->positional || selector->name || selector->id))
		return error_set(err, ERROR_USAGE, "--facts: the saved facts say which cloud; name none");
	if (options->facts && options->save_facts)
		return error_set(err, ERROR_USAGE, "--facts and --save-facts: what was saved is saved");
	if (options->facts && verify_ignore_asked(&options->ignore))
		return error_set(err, ERROR_USAGE,
			"--facts: what is ignored stands in the record, and saved facts have none to write "
			"to");
	if (options->facts && options->watch)
		return error_set(err, ERROR_USAGE, "--facts and --watch: saved facts do not change");
	return verify_ignore_check(&options->ignore, arena, err);
}

/* A cloud in the middle of something is verified all the same; the user is told what to think of it. */
static void note_state(struct context *context, const struct cloud *cloud)
{
	const char *kind = cloud->operation.kind;

	if (cloud->state == CLOUD_READY)
		return;
	event_step(&context->stream, STEP_NOTE,
		"Cloud '%s' is recorded as %s; what is not there yet, or not any more, fails.", cloud->name,
		cloud_state_name(cloud->state));
	if (kind)
		event_step(&context->stream, STEP_NOTE,
			"Its %s was not finished: it is taken up by running 'cloudctl %s' again.", kind,
			kind);
}

/*
 * Put the summary into the record as it is now. An operation that holds the record is not disturbed, and a record
 * that cannot be written does not change the verdict: both are notes.
 */
static void store_summary(struct context *context, const struct cloud *verified)
{
	struct str text = {.arena = context->arena, .max = STORE_TEXT_MAX};
	struct error why;
	struct cloud cloud;
	_cleanup_close_ int lock = registry_lock(&context->registry, verified->name, STORE_WAIT_MS, &why);

	if (lock >= 0 && registry_load(&context->registry, verified->name, &cloud, &why) == 0) {
		cloud.verification = verified->verification;
		if (registry_update(&context->registry, &cloud, &why) == 0)
			return;
	}
	error_format(&why, &text);
	event_step(&context->stream, STEP_NOTE, "The result was not kept in the record: %s", str_text(&text));
}

/* only.count > 0: of what the options choose only these. */
static int verify_and_store(struct context *context, struct aws *aws, struct cloud *cloud,
	const struct verify_command_options *options, struct text_list only, struct verification *result,
	struct error *err)
{
	const struct verify_options choice = {.only = options->only, .skip = options->skip};

	if (only.count > 0) {
		const struct verify_options some = {.only = only};

		return context_verify(context, aws, cloud, &some, result, err);
	}
	note_state(context, cloud);
	if (context_verify(context, aws, cloud, &choice, result, err) < 0)
		return -1;
	/* A summary of some checks must not stand for all of them. */
	if (options->only.count == 0 && options->skip.count == 0)
		store_summary(context, cloud);
	verify_ignore_notes(context->arena, &context->stream, cloud, result);
	return options->save_facts ? saved_facts_write(options->save_facts, &result->facts, err) : 0;
}

/* code: 0 when everything was judged, else -1 with *err. */
static int end(struct context *context, int code, const struct verification *result, struct error *err)
{
	if (code == 0)
		code = verdict_exit_code(result->counts, context->strict);
	return context_end(context, code, result->overall, result->counts, err);
}

/* Judge saved facts: no AWS, no record. */
static int verify_saved(struct context *context, const struct verify_command_options *options,
	struct error *err)
{
	const struct verify_options choice = {.only = options->only, .skip = options->skip};
	struct verification result = {0};
	struct facts facts;
	struct cloud cloud;
	int code;

	if (saved_facts_read(context->arena, options->facts, &facts, &cloud, err) < 0)
		return -1;
	context_begin(context, "verify", &cloud);
	note_state(context, &cloud);
	code = verify_facts(context->arena, &facts, &choice, &context->stream, &result, err);
	if (code == 0)
		verify_ignore_notes(context->arena, &context->stream, &cloud, &result);
	return end(context, code, &result, err);
}

struct recorded {
	struct verify_rounds rounds; /* first: the table is the object */
	struct aws *aws;
	struct cloud cloud;
	const struct verify_command_options *options;
};

static int verify_round(struct verify_rounds *self, struct text_list only, struct verification *result,
	struct error *err)
{
	struct recorded *recorded = (struct recorded *)self;

	return verify_and_store(self->context, recorded->aws, &recorded->cloud, recorded->options, only,
		result, err);
}

static int verify_recorded(struct context *context, const struct verify_command_options *options,
	struct error *err)
{
	struct recorded recorded = {.rounds = {.round = verify_round, .context = context},
		.options = options};
	struct cloud *cloud = &recorded.cloud;

	if (options->watch && verify_watch_ms(options->watch, &recorded.rounds.watch_ms, err) < 0)
		return -1;
	if (options->watch && context->global.output && !text_equal(context->global.output, "text"))
		return error_set(err, ERROR_USAGE, "--watch: --output must be text; a document has an end");
	if (context_cloud(context, &options->selector, cloud, err) < 0)
		return -1;
	if (verify_ignore_asked(&options->ignore) &&
		verify_ignore_apply(context, &options->ignore, cloud, err) < 0)
		return -1;
	recorded.rounds.cloud = cloud;
	recorded.aws = context_aws(context, cloud->region, err);
	if (!recorded.aws)
		return -1;
	context_begin(context, "verify", cloud);
	return verify_rounds(&recorded.rounds, err);
}

static int verify_run_command(struct context *context, const void *data, struct error *err)
{
	const struct verify_command_options *options = data;

	if (check_options(options, context->arena, err) < 0)
		return -1;
	context->strict = options->strict;
	return options->facts ? verify_saved(context, options, err) : verify_recorded(context, options, err);
}

#define AT(member) offsetof(struct verify_command_options, member)

static const struct option verify_rows[] = {
	{"only", 0, OPTION_LIST, AT(only), "GLOBS", "only the checks whose ids match: 'vpc.*,iam.*'"},
	{"skip", 0, OPTION_LIST, AT(skip), "GLOBS", "all but the checks whose ids match"},
	{"strict", 0, OPTION_FLAG, AT(strict), NULL, "a warning counts like a failure: exit code 1"},
	{"ignore", 0, OPTION_LIST, AT(ignore.ignore), "CHECK[=ID]",
		"record that a finding is accepted (for one resource): it counts in no verdict"},
	{"reason", 0, OPTION_TEXT, AT(ignore.reason), "TEXT", "why it is accepted; needed with --ignore"},
	{"unignore", 0, OPTION_LIST, AT(ignore.unignore), "CHECK[=ID]", "take that back"},
	{"save-facts", 0, OPTION_TEXT, AT(save_facts), "FILE",
		"also write what AWS answered to FILE, for --facts"},
	{"facts", 0, OPTION_TEXT, AT(facts), "FILE", "judge what --save-facts wrote; asks AWS nothing"},
	{"watch", 0, OPTION_TEXT, AT(watch), "TIME",
		"verify again every TIME (60s, 5m) until stopped, and say what changed"},
	{"functional-verify", 0, OPTION_OPTIONAL, AT(functional), NULL,
		"launch something real in the cloud; not part of this version, and refused",
		"workspace|service"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL, "agree to every question; verify asks none in this version"},
	{NULL},
};

const struct command command_verify = {
	.name = "verify",
	.arguments = "[CLOUD]",
	.summary = "check a cloud's resources; the exit code is the verdict",
	.description =
		"Reads the cloud's resources from AWS and checks each against the documented requirements.\n"
		"Changes nothing in AWS; keeps the result's summary in the record.\n"
		"\n"
		"  cloudctl verify prod\n"
		"  cloudctl verify prod --only 'subnets.*,security-groups.*' --strict\n"
		"  cloudctl verify prod --save-facts facts.json; cloudctl verify --facts facts.json\n"
		"\n"
		"Exit codes: 0 all hold, 1 a check failed, 3 something could not be determined.",
	.needs = NEEDS_CLOUD | WRITES_REPORTS,
	.options = verify_rows,
	.options_size = sizeof(struct verify_command_options),
	.selector_offset = AT(selector),
	.run = verify_run_command,
};
