/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of the command line, on a table of commands of its own. */
#include "cmd/options.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/test.h"
#include "base/text.h"

struct made_options {
	const char *made;
};

struct launch_options {
	const char *text, *functional, *kind;
	struct made_options made;
	struct text_list list, sorts;
	bool flag;
};

struct look_options {
	const char *first, *second;
};

#define LAUNCH(member) offsetof(struct launch_options, member)

static size_t make_rows(size_t offset, struct option *rows)
{
	rows[0] = (struct option){"made", 0, OPTION_TEXT, offset + offsetof(struct made_options, made),
		"TEXT", "a row that is made"};
	rows[1] = (struct option){"vendor-made", .alias_of = "made"};
	return 2;
}

static const struct option launch_rows[] = {
	{"vendor-text", .alias_of = "text"},
	{"", .kind = OPTION_ROWS, .offset = LAUNCH(made), .make = make_rows},
	{"text", 't', OPTION_TEXT, LAUNCH(text), "TEXT", "a text"},
	{"list", 'l', OPTION_LIST, LAUNCH(list), "A,B", "a list"},
	{"kind", 0, OPTION_TEXT, LAUNCH(kind), NULL, "one of two", "small|large"},
	{"sorts", 0, OPTION_LIST, LAUNCH(sorts), NULL, "some of two", "small|large"},
	{"functional-verify", 0, OPTION_OPTIONAL, LAUNCH(functional), NULL, "perhaps", "workspace|service"},
	{"yes", 'y', OPTION_FLAG, LAUNCH(flag), NULL, "agree"},
	{NULL},
};

static const struct option look_rows[] = {
	{"FIRST", 0, OPTION_ARGUMENT, offsetof(struct look_options, first), NULL, "a word"},
	{"SECOND", 0, OPTION_ARGUMENT, offsetof(struct look_options, second), NULL, "another"},
	{NULL},
};

static const struct command launch = {.name = "launch",
	.needs = NEEDS_CLOUD,
	.options = launch_rows,
	.options_size = sizeof(struct launch_options)};
static const struct command look = {.name = "look",
	.options = look_rows,
	.options_size = sizeof(struct look_options)};
static const struct command report = {.name = "report", .needs = WRITES_REPORTS};
static const struct command bare = {.name = "bare"};

const struct command *const commands[] = {&launch, &look, &report, &bare};
const size_t command_count = ARRAY_LENGTH(commands);

enum { WORDS_MAX = 16 };

/* The words between single spaces; "''" is an empty one, "_" inside a word a space. */
static int parse(struct arena *arena, const char *text, struct command_line *line, struct error *err)
{
	const char *argv[WORDS_MAX + 1] = {"cloudctl"};
	int argc = 1;

	while (*text) {
		size_t length = strcspn(text, " ");
		char *word = arena_strndup(arena, text, length);

		assert_true(argc <= WORDS_MAX);
		for (char *c = word; *c; c++)
			*c = *c == '_' ? ' ' : *c;
		argv[argc++] = text_equal(word, "''") ? "" : word;
		text += length + (text[length] == ' ');
	}
	return command_line_parse(arena, argc, argv, line, err);
}

/* What the options struct of `launch` and the global options hold, as one text: "name=value" for all that is set. */
static const char *told(struct arena *arena, const struct command_line *line)
{
	struct str out = {.arena = arena, .max = 4096};
	const struct launch_options *o = line->options;
	const struct global_options *g = &line->global;
	const struct cloud_selector *s = &line->selector;
	const struct {
		const char *name, *value;
	} texts[] = {{"cloud", s->positional}, {"name", s->name}, {"id", s->id}, {"text", o->text},
		{"functional", o->functional}, {"kind", o->kind}, {"made", o->made.made},
		{"region", g->region}, {"output", g->output}, {"profile", g->profile}};

	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		if (texts[i].value)
			str_printf(&out, " %s=%s", texts[i].name, texts[i].value);
	}
	if (o->list.count)
		str_printf(&out, " list=%s", text_join(arena, &o->list, "|"));
	if (o->sorts.count)
		str_printf(&out, " sorts=%s", text_join(arena, &o->sorts, "|"));
	if (o->flag)
		str_puts(&out, " yes");
	if (g->debug)
		str_printf(&out, *g->debug ? " debug=%s" : " debug%s", g->debug);
	return out.length ? str_text(&out) + 1 : "";
}

static const struct accepted {
	const char *words, *holds;
} accepted[] = {
	{"launch", ""},
	{"launch --text a", "text=a"},
	{"launch --text=a", "text=a"},
	{"launch --text=a=b", "text=a=b"},
	{"launch --text=--yes", "text=--yes"},
	{"launch --text -", "text=-"},
	{"launch -t a", "text=a"},
	{"launch -ta", "text=a"},
	{"launch --vendor-text a", "text=a"},
	{"launch --vendor-text a --text a", "text=a"},
	{"launch --made a", "made=a"},
	{"launch --vendor-made a --text b", "text=b made=a"},
	{"launch --list a,b --list c", "list=a|b|c"},
	{"launch --list _a_,,_b_", "list=a|b"},
	{"launch -l a", "list=a"},
	{"launch --kind large", "kind=large"},
	{"launch --kind LARGE", "kind=large"},
	{"launch --sorts small,Large", "sorts=small|large"},
	{"launch -y", "yes"},
	{"launch --yes -y --yes", "yes"},
	{"launch prod", "cloud=prod"},
	{"launch -n prod", "name=prod"},
	{"launch --name prod --name=prod", "name=prod"},
	{"launch --cloud-id x", "id=x"},
	{"launch --id x", "id=x"},
	{"launch prod --name prod", "cloud=prod name=prod"},
	{"launch -- --prod", "cloud=--prod"},
	{"launch --yes -- prod", "cloud=prod yes"},
	{"launch --functional-verify", "functional="},
	{"launch --functional-verify=workspace", "functional=workspace"},
	{"launch --functional-verify workspace", "functional=workspace"},
	{"launch --functional-verify service,WORKSPACE", "functional=service,workspace"},
	{"launch --functional-verify prod", "cloud=prod functional="},
	{"launch --functional-verify workspace prod", "cloud=prod functional=workspace"},
	{"launch --functional-verify --yes", "functional= yes"},
	{"--region r launch", "region=r"},
	{"launch --region r", "region=r"},
	{"--region r launch --region r", "region=r"},
	{"-o json --debug launch prod", "cloud=prod output=json debug"},
	{"launch --debug=f prod", "cloud=prod debug=f"},
	{"launch -ojson", "output=json"},
};

static void lines_that_are_accepted(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(accepted); i++) {
		struct error err = {0};
		struct command_line line;
		const char *holds;

		if (parse(&arena, accepted[i].words, &line, &err) < 0)
			fail_msg("%s: %s", accepted[i].words, err.frame[0]);
		assert_ptr_equal(line.command, &launch);
		holds = told(&arena, &line);
		if (!text_equal(holds, accepted[i].holds))
			fail_msg("%s: holds '%s', not '%s'", accepted[i].words, holds, accepted[i].holds);
	}
	arena_free(&arena);
}

/* Words, and the whole message as main prints it. */
static const struct refused {
	const char *words, *says;
} refused[] = {
	{"lanch", "unknown command 'lanch'; did you mean 'launch'?"},
	{"xyzzy", "unknown command 'xyzzy'; see 'cloudctl --help'"},
	{"''", "unknown command ''; see 'cloudctl --help'"},
	{"update", "unknown command 'update'; see 'cloudctl --help'"},
	{"--regin r launch", "unknown option '--regin'; did you mean '--region'?"},
	{"--name prod launch", "unknown option '--name' before the command's name; see 'cloudctl --help'"},
	{"launch --nam=prod", "launch: unknown option '--nam'; did you mean '--name'?"},
	{"launch --vendr-text x", "launch: unknown option '--vendr-text'; did you mean '--vendor-text'?"},
	{"launch --outptu json", "launch: unknown option '--outptu'; did you mean '--output'?"},
	{"launch --json", "launch: unknown option '--json'; did you mean '--output json'?"},
	{"launch --dry-run", "launch: unknown option '--dry-run'; see 'cloudctl launch --help'"},
	{"ls", "unknown command 'ls'; see 'cloudctl --help'"},
	{"launch --xyzzy", "launch: unknown option '--xyzzy'; see 'cloudctl launch --help'"},
	{"launch --", NULL},
	{"launch -x", "launch: unknown option '-x'; see 'cloudctl launch --help'"},
	{"launch --CLOUD x", "launch: unknown option '--CLOUD'; see 'cloudctl launch --help'"},
	{"launch --text", "launch: --text needs a value: --text TEXT"},
	{"launch --text --yes", "launch: --text needs a value: --text TEXT"},
	{"launch -t -y", "launch: --text needs a value: --text TEXT"},
	{"launch --text ''", "launch: --text: the value is empty"},
	{"launch --text=", "launch: --text: the value is empty"},
	{"launch --vendor-text=", "launch: --text: the value is empty"},
	{"launch --functional-verify=", "launch: --functional-verify: the value is empty"},
	{"launch --list ,_,", "launch: --list: the list is empty"},
	{"launch --yes=no", "launch: --yes takes no value"},
	{"launch -yn", "launch: --yes takes no value"},
	{"launch --text a --text b", "launch: --text is given twice, as 'a' and as 'b'"},
	{"launch --name a -n b", "launch: --name is given twice, as 'a' and as 'b'"},
	{"launch --id a --cloud-id b", "launch: --cloud-id is given twice, as 'a' and as 'b'"},
	{"--region a launch --region b", "launch: --region is given twice, as 'a' and as 'b'"},
	{"launch --kind medium", "launch: --kind: 'medium' is not one of small, large"},
	{"launch --kind small,large", "launch: --kind: 'small,large' is not one of small, large"},
	{"launch --sorts small,medium", "launch: --sorts: 'small,medium' is not one of small, large"},
	{"launch --functional-verify=prod",
		"launch: --functional-verify: 'prod' is not one of workspace, service"},
	{"launch -o xml", "launch: --output: 'xml' is not one of text, json, yaml, junit, sarif, markdown"},
	{"launch -o junit",
		"launch: --output: 'junit' is only for reports of verify; choose one of text, json, yaml"},
	{"-o SARIF look",
		"look: --output: 'sarif' is only for reports of verify; choose one of text, json, yaml"},
	{"launch a b", "launch: unexpected argument 'b'"},
	{"launch ''", "launch: CLOUD is empty"},
	{"bare a", "bare: unexpected argument 'a'"},
	{"bare --yes", "bare: unknown option '--yes'; see 'cloudctl bare --help'"},
	{"bare --name x", "bare: unknown option '--name'; see 'cloudctl bare --help'"},
	{"look a b c", "look: unexpected argument 'c'"},
};

static void lines_that_are_refused(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(refused); i++) {
		struct str text = {.arena = &arena, .max = 4096};
		struct error err = {0};
		struct command_line line;
		int parsed = parse(&arena, refused[i].words, &line, &err);

		if (!refused[i].says) {
			assert_int_equal(parsed, 0);
			continue;
		}
		if (parsed == 0)
			fail_msg("accepted: %s", refused[i].words);
		assert_int_equal(err.kind, ERROR_USAGE);
		error_format(&err, &text);
		if (!text_equal(str_text(&text), refused[i].says))
			fail_msg("%s: said \"%s\"", refused[i].words, str_text(&text));
	}
	arena_free(&arena);
}

static void arguments_go_to_their_rows(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct command_line line;
	const struct look_options *options;

	(void)state;
	assert_int_equal(parse(&arena, "look a -- -b", &line, &err), 0);
	options = line.options;
	assert_string_equal(options->first, "a");
	assert_string_equal(options->second, "-b");
	arena_free(&arena);
}

/* Words, and what is known after reading them: the command, help, version. */
static const struct early {
	const char *words, *command;
	bool help, version;
} early[] = {
	{"", NULL, false, false},
	{"--help", NULL, true, false},
	{"-h", NULL, true, false},
	{"--help launch", "launch", true, false},
	{"--help --bogus launch x", "launch", true, false},
	{"--help bogus", NULL, true, false},
	{"launch --help", "launch", true, false},
	{"launch --help --bogus", "launch", true, false},
	{"launch prod -h", "launch", true, false},
	{"--version", NULL, false, true},
	{"--version bogus", NULL, false, true},
	{"launch --version --bogus", "launch", false, true},
};

static void help_and_version_end_the_reading(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(early); i++) {
		struct error err = {0};
		struct command_line line;

		if (parse(&arena, early[i].words, &line, &err) < 0)
			fail_msg("%s: %s", early[i].words, err.frame[0]);
		if (!text_equal(line.command ? line.command->name : NULL, early[i].command) ||
			line.global.help != early[i].help || line.global.version != early[i].version)
			fail_msg("%s", early[i].words);
	}
	arena_free(&arena);
}

static void without_a_name_of_its_own(void **state)
{
	struct arena arena = {0};
	const char *const nothing[] = {NULL};
	struct command_line line;
	struct error err = {0};

	(void)state;
	assert_int_equal(command_line_parse(&arena, 0, nothing, &line, &err), 0);
	assert_null(line.command);
	arena_free(&arena);
}

static void reports_have_more_forms(void **state)
{
	static const char *const words[] = {"report -o junit", "-o SARIF report", "report --output=markdown",
		"report -o json", "--help -o junit launch"};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		struct error err = {0};
		struct command_line line;

		if (parse(&arena, words[i], &line, &err) < 0)
			fail_msg("%s: %s", words[i], err.frame[0]);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_that_are_accepted),
		cmocka_unit_test(lines_that_are_refused),
		cmocka_unit_test(arguments_go_to_their_rows),
		cmocka_unit_test(help_and_version_end_the_reading),
		cmocka_unit_test(without_a_name_of_its_own),
		cmocka_unit_test(reports_have_more_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
