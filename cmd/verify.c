/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl verify`: check a cloud; the exit code is the verdict. */
#include "base/array.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/presentation.h"
#include "cmd/provide.h"
#include "cmd/saved_facts.h"
#include "cmd/verify_all.h"
#include "cmd/verify_ignore.h"
#include "cmd/verify_record.h"
#include "cmd/verify_rounds.h"
#include "providers/run.h"
#include "verify/verification.h"

/* Two runs of verify that end together both keep their result; a long operation is not waited for. */
enum { STORE_WAIT_MS = 500 };

struct verify_command_options {
	struct text_list only, skip;
	struct verify_ignore ignore;
	const char *facts, *save_facts;
	const char *watch;
	bool strict, yes, all, simulate;
};

/* A cloud with a record, verified in rounds. */
struct recorded {
	struct verify_rounds rounds; /* first: the table is the object */
	struct source *source;
	struct cloud cloud;
	const struct verify_command_options *options;
};

static struct verify_options choice_of(const struct verify_command_options *options)
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
	const bool ignores = verify_ignore_asked(&options->ignore);
	const struct {
		bool both;
		const char *why;
	} rows[] = {
		{facts && named, "--facts: name no cloud; it is in the saved facts"},
		{facts && options->save_facts, "--facts and --save-facts: these facts are saved already"},
		{facts && options->watch, "--facts and --watch: saved facts do not change"},
		{facts && ignores, "--facts: ignored findings are kept in a record, and none is used here"},
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

static int verify_some(struct recorded *recorded, struct arena *arena, const struct verify_options *choice,
	struct verification *result, struct error *err)
{
	struct context *context = recorded->rounds.context;
	struct cloud *cloud = &recorded->cloud;
	const struct verify_input input = {
		.table = PROVIDER.checks,
		.source = recorded->source,
		.facts = facts_new(arena, PROVIDER.checks->plan, cloud),
		.options = choice,
		.stream = &context->stream,
	};

	if (verify_run(&input, result, err) < 0)
		return error_wrap(err, "verifying cloud '%s'", cloud->name);
	cloud_summarize(arena, result, world_now(context->world, arena), cloud);
	return 0;
}

static int verify_round(struct verify_rounds *self, struct arena *arena, struct text_list only,
	struct verification *result, struct error *err)
{
	struct recorded *recorded = (struct recorded *)self;
	const struct verify_command_options *options = recorded->options;
	const struct verify_options choice = choice_of(options);
	const struct verify_options some = {.only = only, .optional = options->simulate};
	struct event_stream *stream = &self->context->stream;

	if (only.count > 0)
		return verify_some(recorded, arena, &some, result, err);
	verify_record_note(stream, &recorded->cloud);
	if (verify_some(recorded, arena, &choice, result, err) < 0)
		return -1;
	/* A summary of some checks must not stand for all of them. */
	if (options->only.count == 0 && options->skip.count == 0)
		verify_record_store(self->context->registry, stream, &recorded->cloud, STORE_WAIT_MS);
	verify_ignore_notes(arena, stream, &recorded->cloud, result);
	return options->save_facts ? saved_facts_write(options->save_facts, result->facts, err) : 0;
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
	const struct verify_options choice = choice_of(options);
	struct verification result = {0};
	struct verify_input input = {.table = PROVIDER.checks,
		.options = &choice,
		.stream = &context->stream};
	struct cloud cloud;
	int code;

	if (saved_facts_read(context->arena, options->facts, &input.facts, &cloud, err) < 0)
		return -1;
	context_begin(context, &cloud, options->strict);
	verify_record_note(&context->stream, &cloud);
	code = verify_run(&input, &result, err);
	if (code == 0)
		verify_ignore_notes(context->arena, &context->stream, &cloud, &result);
	return end(context, code, &result, err);
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
		return error_set(err, ERROR_USAGE, "--watch: --output must be text");
	if (context_cloud(context, &context->selector, cloud, err) < 0)
		return -1;
	if (verify_ignore_asked(&options->ignore) &&
		verify_ignore_apply(context, &options->ignore, cloud, err) < 0)
		return -1;
	recorded.rounds.cloud = cloud;
	recorded.source = PROVIDER.source(context_run(context), cloud->region, err);
	if (!recorded.source)
		return -1;
	context_begin(context, cloud, options->strict);
	return verify_rounds(&recorded.rounds, err);
}

static int verify_run_command(struct context *context, const void *data, struct error *err)
{
	const struct verify_command_options *options = data;
	const struct verify_options choice = choice_of(options);

	if (check_pairs(context, options, err) < 0 ||
		verify_ignore_check(&options->ignore, context->arena, err) < 0)
		return -1;
	if (options->all)
		return verify_all(context, &choice, options->strict, err);
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
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL, "agree to every question; verify has none at present"},
	{NULL},
};

const struct command command_verify = {
	.name = "verify",
	.arguments = "[CLOUD]",
	.summary = "check a cloud's resources; the exit code tells the verdict",
	.description =
		"Reads the cloud's resources from AWS and checks each of them against the documented requirements.\n"
		"Changes nothing in AWS. The record keeps a summary of the result.\n"
		"\n"
		"  cloudctl verify prod\n"
		"  cloudctl verify prod --only 'subnets.*,security-groups.*' --strict\n"
		"  cloudctl verify prod --save-facts facts.json; cloudctl verify --facts facts.json\n"
		"\n"
		"Exit codes: 0 no check failed, 1 a check failed, 3 something could not be determined.",
	.needs = NEEDS_CLOUD | WRITES_REPORTS,
	.options = verify_rows,
	.options_size = sizeof(struct verify_command_options),
	.effect = EFFECT_NONE,
	.judges = true,
	.run = verify_run_command,
};
