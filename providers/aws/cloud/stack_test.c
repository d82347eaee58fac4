/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of stack events in, resource events and causes out: order, paging, noise, other operations, words. */
#include "base/test.h"
#include "base/timestamp.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/stack_log.h"

#define ARN "arn:aws:cloudformation:us-west-2:999999999999:stack/cld-x/1"

/* A sink that writes each event as a short line. */
struct recorder {
	struct sink sink;
	struct str text;
};

static const char *const state_names[] = {"waiting", "working", "done", "failed", "undoing", "undone",
	"kept"};

static void record(struct sink *self, const struct event *event)
{
	struct recorder *recorder = (struct recorder *)self;

	if (event->kind == EVENT_STEP)
		str_printf(&recorder->text, "%s%s\n", event->step.level == STEP_ERROR ? "! " : "- ",
			event->step.text);
	else
		str_printf(&recorder->text, "%s %s %lld%s%s\n", event->resource.name,
			state_names[event->resource.state], (long long)event->resource.elapsed_ms,
			event->resource.reason ? " " : "",
			event->resource.reason ? event->resource.reason : "");
}

static int64_t no_time(struct world *world)
{
	(void)world;
	return 0;
}

struct fixture {
	struct arena arena;
	struct world world;
	struct recorder recorder;
	struct event_stream stream;
	struct stack_log log;
};

static void begin(struct fixture *fixture, const char *token)
{
	*fixture = (struct fixture){.world = {.steady_ms = no_time, .wake_fd = -1}};
	fixture->recorder.sink.emit = record;
	fixture->recorder.text = (struct str){.arena = &fixture->arena, .max = 64 << 10};
	event_begin(&fixture->stream, &fixture->recorder.sink, &fixture->world);
	stack_log_begin(&fixture->log, &fixture->arena, ARN, token);
}

/*
 * One event as AWS sends it, from "id second logical status [reason]"; token "T" unless logical is followed by
 * "@token". "STACK" is the stack itself.
 */
static json_t *event_from(struct arena *arena, const char *line)
{
	struct text_list words = text_split(arena, line, ' ');
	const char *logical = words.items[2], *status = words.items[3],
		   *reason = strstr(line, status) + strlen(status);
	struct text_list parts = text_split(arena, logical, '@');
	bool of_stack = text_equal(parts.items[0], "STACK");
	const char *time = arena_printf(arena, "2026-01-02T03:04:%s%sZ",
		strcspn(words.items[1], ".") < 2 ? "0" : "", words.items[1]);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "EventId", words.items[0], "Timestamp",
		time, "LogicalResourceId", of_stack ? "cld-x" : parts.items[0], "PhysicalResourceId",
		of_stack ? ARN : "", "ResourceType", of_stack ? "AWS::CloudFormation::Stack" : "AWS::X::Y",
		"ResourceStatus", status, "ResourceStatusReason", *reason ? reason + 1 : "",
		"ClientRequestToken", parts.count > 1 ? parts.items[1] : "T");
}

/* Lines, newest first, as one page. Returns whether an older page is wanted. */
static bool page(struct fixture *fixture, const char *lines)
{
	struct text_list list = text_split(&fixture->arena, lines, '\n');
	json_t *reply = json_pack("{s:[]}", "StackEvents");
	bool older;

	for (size_t i = 0; i < list.count; i++)
		json_array_append_new(json_object_get(reply, "StackEvents"),
			event_from(&fixture->arena, list.items[i]));
	older = stack_log_page(&fixture->log, reply);
	json_decref(reply);
	return older;
}

static void assert_emitted(struct fixture *fixture, const char *want)
{
	stack_log_flush(&fixture->log, &fixture->stream);
	assert_string_equal(str_text(&fixture->recorder.text), want);
	str_clear(&fixture->recorder.text);
}

static void emits_each_change_once_in_order(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "T");
	assert_false(page(&f,
		"e3 2.5 Vpc CREATE_IN_PROGRESS Resource creation Initiated\n"
		"e2 1 Vpc CREATE_IN_PROGRESS\n"
		"e1 0 STACK CREATE_IN_PROGRESS User Initiated\n"));
	assert_emitted(&f, "VPC working 0\n");
	/* The next poll sees the old ones again. */
	assert_false(page(&f,
		"e5 13 Subnet3RouteTableAssociation CREATE_IN_PROGRESS\n"
		"e4 12.5 Vpc CREATE_COMPLETE\n"
		"e3 2.5 Vpc CREATE_IN_PROGRESS Resource creation Initiated\n"));
	assert_emitted(&f, "VPC done 11500\nRoute table association 3 working 0\n");
	assert_false(f.log.ended);
	assert_false(page(&f,
		"e7 15 STACK CREATE_COMPLETE\n"
		"e6 14 Subnet3RouteTableAssociation CREATE_COMPLETE\n"
		"e5 13 Subnet3RouteTableAssociation CREATE_IN_PROGRESS\n"));
	assert_emitted(&f, "Route table association 3 done 1000\n");
	assert_true(f.log.ended);
	assert_int_equal(f.log.failures.count, 0);
	arena_free(&f.arena);
}

static void keeps_order_across_pages_and_equal_times(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "T");
	assert_true(page(&f, "e6 3 Subnet2 CREATE_COMPLETE\ne5 3 Subnet1 CREATE_COMPLETE\n"));
	assert_true(page(&f, "e4 3 Subnet2 CREATE_IN_PROGRESS\ne3 3 Subnet1 CREATE_IN_PROGRESS\n"));
	assert_false(page(&f,
		"e2 3 Vpc CREATE_COMPLETE\ne1 3 Vpc CREATE_IN_PROGRESS\ne0 3 STACK CREATE_IN_PROGRESS\n"));
	assert_emitted(&f,
		"VPC working 0\nVPC done 0\nSubnet 1 working 0\nSubnet 2 working 0\nSubnet 1 done 0\n"
		"Subnet 2 done 0\n");
	arena_free(&f.arena);
}

static void names_the_first_real_failure(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "T");
	page(&f,
		"e9 9 STACK ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bucket, Vpc].\n"
		"e8 5.2 FileSystem CREATE_FAILED Resource handler returned message: \"Too many\" (RequestToken: r, HandlerErrorCode: ServiceLimitExceeded)\n"
		"e7 5.1 Bucket CREATE_FAILED Resource creation cancelled\n"
		"e6 5 Vpc CREATE_FAILED The maximum number of VPCs has been reached. (Service: AmazonEC2; Status Code: 400; Error Code: VpcLimitExceeded; Request ID: 1; Proxy: null)\n"
		"e5 3 Vpc CREATE_IN_PROGRESS\n"
		"e4 2 FileSystem CREATE_IN_PROGRESS\n"
		"e3 1 Bucket CREATE_IN_PROGRESS\n"
		"e1 0 STACK CREATE_IN_PROGRESS\n");
	assert_emitted(&f,
		"S3 bucket working 0\nEFS file system working 0\nVPC working 0\n"
		"! VPC failed: The maximum number of VPCs has been reached (VpcLimitExceeded)\n"
		"VPC failed 2000 The maximum number of VPCs has been reached (VpcLimitExceeded)\n"
		"EFS file system failed 3200 Too many (ServiceLimitExceeded)\n");
	assert_int_equal(f.log.failures.count, 2);
	assert_string_equal(f.log.failures.items[0].logical_id, "Vpc");
	assert_true(f.log.rolling_back);

	page(&f,
		"e12 12 STACK ROLLBACK_COMPLETE\n"
		"e11 11 Bucket DELETE_COMPLETE\n"
		"e10 10 Bucket DELETE_IN_PROGRESS\n"
		"e9 9 STACK ROLLBACK_IN_PROGRESS x\n");
	assert_emitted(&f, "S3 bucket undoing 0\nS3 bucket undone 1000\n- Undone: 1 of 3 resources\n");
	assert_true(f.log.ended);
	arena_free(&f.arena);
}

static void leaves_other_operations_out(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "D");
	/* The deletion was accepted, its first event is not there yet: nothing of the creation is told again. */
	assert_false(page(&f,
		"e2 2 STACK CREATE_COMPLETE\ne1 1 Vpc CREATE_COMPLETE\ne0 0 STACK CREATE_IN_PROGRESS\n"));
	assert_emitted(&f, "");
	assert_false(f.log.started);
	assert_false(page(&f,
		"e7 9 STACK@D DELETE_FAILED The following resource(s) failed to delete: [Vpc].\n"
		"e6 8 Vpc@D DELETE_FAILED has dependencies\n"
		"e5 7 Vpc@D DELETE_IN_PROGRESS\n"
		"e4 6.5 Bucket@D DELETE_SKIPPED\n"
		"e4b 6.2 Subnet1@D DELETE_COMPLETE\n"
		"e4a 6.1 Subnet1@D DELETE_IN_PROGRESS\n"
		"e3 6 STACK@D DELETE_IN_PROGRESS User Initiated\n"
		"e2 2 STACK CREATE_COMPLETE\n"));
	assert_emitted(&f,
		"Subnet 1 working 0\nSubnet 1 done 100\nS3 bucket kept 0\nVPC working 0\n"
		"! VPC failed: has dependencies\nVPC failed 1000 has dependencies\n");
	assert_true(f.log.ended);
	assert_int_equal(f.log.failures.count, 1);
	arena_free(&f.arena);
}

/* Coming back to a stack: what is at work has been so since its event, what is done took what it took. */
static void events_that_are_not_fresh(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "T");
	timestamp_parse_rfc3339("2026-01-02T03:04:50Z", &f.log.now_ms);
	assert_false(page(&f,
		"e4 12 Subnet1 CREATE_IN_PROGRESS\n"
		"e3 11 Vpc CREATE_COMPLETE\n"
		"e2 2 Vpc CREATE_IN_PROGRESS\n"
		"e1 1 STACK CREATE_IN_PROGRESS User Initiated\n"));
	assert_emitted(&f, "VPC working 48000\nVPC done 9000\nSubnet 1 working 38000\n");
	arena_free(&f.arena);
}

/* CloudFormation tries a deletion three times: one group goes at the second, the other not at all. */
static void cleans_up_after_an_update(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "T");
	assert_false(page(&f,
		"e9 9 STACK UPDATE_COMPLETE\n"
		"e8 8 SecurityGroup DELETE_COMPLETE\n"
		"e7 7 Subnet1 DELETE_FAILED Held\n"
		"e6 6 Subnet1 DELETE_IN_PROGRESS\n"
		"e5 5 SecurityGroup DELETE_IN_PROGRESS\n"
		"e4 4 Subnet1 DELETE_FAILED Held\n"
		"e3 3 SecurityGroup DELETE_FAILED Used\n"
		"e2 2 STACK UPDATE_COMPLETE_CLEANUP_IN_PROGRESS\n"
		"e1 1 STACK UPDATE_IN_PROGRESS User Initiated\n"));
	assert_int_equal(stack_log_flush(&f.log, &f.stream), 9);
	assert_true(f.log.ended);
	assert_int_equal(f.log.failures.count, 2);
	assert_string_equal(f.log.failures.items[0].logical_id, "SecurityGroup");
	assert_true(f.log.failures.items[0].over);
	assert_string_equal(f.log.failures.items[1].logical_id, "Subnet1");
	assert_false(f.log.failures.items[1].over);
	arena_free(&f.arena);
}

static void without_a_token_takes_the_newest(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, NULL);
	assert_false(page(&f,
		"e4 6 Vpc@Z DELETE_IN_PROGRESS\n"
		"e3 5 STACK@Z DELETE_IN_PROGRESS User Initiated\n"
		"e2 2 STACK CREATE_COMPLETE\n"));
	assert_emitted(&f, "VPC working 0\n");
	assert_true(f.log.started);
	arena_free(&f.arena);
}

/* Hostile: nothing, other types, events without ids or times. */
static void bears_broken_replies(void **state)
{
	static const char *const replies[] = {"{}", "{\"StackEvents\":\"\"}", "{\"StackEvents\":[1,null,[]]}",
		"{\"StackEvents\":[{\"EventId\":1,\"ResourceStatus\":{}}]}"};
	struct fixture f;

	(void)state;
	begin(&f, NULL);
	for (size_t i = 0; i < ARRAY_LENGTH(replies); i++) {
		json_t *reply = json_loads(replies[i], 0, NULL);

		stack_log_page(&f.log, reply);
		json_decref(reply);
	}
	stack_log_flush(&f.log, &f.stream);
	assert_false(f.log.ended);
	arena_free(&f.arena);
}

/* The reason of a stack that failed, never that of the beginning. */
static void keeps_the_reason_of_the_stack_itself(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "T");
	page(&f, "e1 0 STACK CREATE_IN_PROGRESS User Initiated\n");
	stack_log_flush(&f.log, &f.stream);
	assert_null(f.log.reason);
	page(&f,
		"e3 12 STACK ROLLBACK_COMPLETE\n"
		"e2 9 STACK ROLLBACK_IN_PROGRESS Rollback requested by user\n"
		"e1 0 STACK CREATE_IN_PROGRESS User Initiated\n");
	stack_log_flush(&f.log, &f.stream);
	assert_string_equal(f.log.reason, "Rollback requested by user");
	arena_free(&f.arena);
}

/* One page of JSON; whether an older one is wanted does not matter. */
static void json_page(struct fixture *fixture, const char *text)
{
	json_t *reply = json_loads(text, 0, NULL);

	assert_non_null(reply);
	stack_log_page(&fixture->log, reply);
	json_decref(reply);
}

#define ROW(id, second, logical, status) \
	"{\"EventId\": \"" id "\", \"Timestamp\": \"2026-01-02T03:04:0" second \
	"Z\", \"LogicalResourceId\": \"" logical \
	"\", \"ResourceType\": \"AWS::X::Y\", \"ResourceStatus\": \"" status \
	"\", \"ClientRequestToken\": \"T\""
#define HOOK_ROW(mode) \
	ROW("h1", "2", "Vpc", "CREATE_IN_PROGRESS") \
	", \"HookType\": \"AWS::ControlTower::Hook\", \"HookStatus\": \"HOOK_COMPLETE_FAILED\", " \
	"\"HookFailureMode\": \"" mode "\", \"HookStatusReason\": \"[CT.EC2.PR.4] [FIX] Remove it\"}"
#define REFUSED_ROW \
	ROW("e3", "3", "Vpc", "CREATE_FAILED") \
	", \"ResourceStatusReason\": \"The following hook(s) failed: [AWS::ControlTower::Hook]\"}"

/* AWS puts it into a row before, not into the reason of the failure. */
static void says_why_a_hook_refused(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "T");
	json_page(&f,
		"{\"StackEvents\": [" REFUSED_ROW
		", " HOOK_ROW("FAIL") ", " ROW("e1", "1", "Vpc", "CREATE_IN_PROGRESS") "}]}");
	assert_emitted(&f,
		"VPC working 0\n! VPC failed: the hook AWS::ControlTower::Hook refused it: [CT.EC2.PR.4] [FIX] Remove it\n"
		"VPC failed 2000 the hook AWS::ControlTower::Hook refused it: [CT.EC2.PR.4] [FIX] Remove it\n");
	assert_true(stack_log_has_cause(&f.log));
	assert_int_equal(f.log.made, 0);
	arena_free(&f.arena);
}

/* One that only warns is not the cause, and without its row the failure explains nothing. */
static void a_hook_that_warns_is_no_cause(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "T");
	json_page(&f, "{\"StackEvents\": [" REFUSED_ROW ", " HOOK_ROW("WARN") "]}");
	stack_log_flush(&f.log, &f.stream);
	assert_false(stack_log_has_cause(&f.log));
	arena_free(&f.arena);
}

#define VALIDATION(members) \
	"{\"EventType\": \"VALIDATION_ERROR\", \"LogicalResourceId\": \"Bucket\", \"ValidationName\": " \
	"\"AWS::EarlyValidation::ResourceExistenceCheck\", \"ValidationStatusReason\": \"It exists.\", " \
	"\"ValidationPath\": \"/Resources/Bucket\"" members "}"
#define EARLY \
	"S3 bucket failed: It exists (AWS::EarlyValidation::ResourceExistenceCheck, /Resources/Bucket)\n"

/* The reply of DescribeEvents, and what is said of it. */
static void takes_causes_from_operation_events(void **state)
{
	static const struct {
		const char *token, *events, *want;
	} rows[] = {
		{"T", VALIDATION(""), "! " EARLY},
		{"T", VALIDATION(", \"ClientRequestToken\": \"T\""), "! " EARLY},
		{"T", VALIDATION(", \"ClientRequestToken\": \"another\""), ""},
		{"T", VALIDATION(", \"ValidationFailureMode\": \"WARN\""), ""},
		{NULL, VALIDATION(", \"OperationId\": \"op\""), "! " EARLY},
		{NULL, VALIDATION(", \"OperationId\": \"an older one\""), ""},
		{"T",
			"{\"EventType\": \"HOOK_INVOCATION_ERROR\", \"LogicalResourceId\": \"Vpc\", \"HookType\": \"A::B\", "
			"\"HookStatus\": \"HOOK_COMPLETE_FAILED\", \"HookStatusReason\": \"Not so\"}",
			"! VPC failed: the hook A::B refused it: Not so\n"},
		{"T", "{\"EventType\": \"PROVISIONING_ERROR\", \"LogicalResourceId\": \"Vpc\", \"ResourceStatusReason\": \"Full\"}",
			"! VPC failed: Full\n"},
		{"T",
			"{\"EventType\": \"HOOK_INVOCATION_ERROR\", \"PhysicalResourceId\": \"" ARN
			"\", \"LogicalResourceId\": \"cld-x\", \"HookType\": \"A::B\", \"HookStatus\": \"HOOK_FAILED\"}",
			"! The stack failed: the hook A::B refused it: it gives no reason\n"},
		/* two reasons of one resource; the same one twice; a row that only names the hook */
		{"T",
			VALIDATION(
				"") ", {\"EventType\": \"VALIDATION_ERROR\", \"LogicalResourceId\": \"Bucket\", "
				    "\"ValidationName\": \"A::P\", \"ValidationStatusReason\": \"Not a number.\", "
				    "\"ValidationPath\": \"/P\"}",
			"! S3 bucket failed: It exists (AWS::EarlyValidation::ResourceExistenceCheck, /Resources/Bucket); "
			"Not a number (A::P, /P)\n"},
		{"T", VALIDATION("") ", " VALIDATION(""), "! " EARLY},
		{"T",
			"{\"EventType\": \"PROVISIONING_ERROR\", \"LogicalResourceId\": \"Vpc\", \"ResourceStatusReason\": "
			"\"The following hook(s) failed: [A::B]\"}, "
			"{\"EventType\": \"HOOK_INVOCATION_ERROR\", \"LogicalResourceId\": \"Vpc\", \"HookType\": \"A::B\", "
			"\"HookStatus\": \"HOOK_COMPLETE_FAILED\", \"HookStatusReason\": \"Not so\"}",
			"! VPC failed: the hook A::B refused it: Not so\n"},
		{"T", "{\"EventType\": \"PROGRESS_EVENT\", \"LogicalResourceId\": \"Vpc\"}", ""},
		{"T", "1, null, {}", ""},
	};
	json_t *description = json_pack("{s:[{s:s}]}", "LastOperations", "OperationId", "op");

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture f;
		json_t *reply;

		begin(&f, rows[i].token);
		reply = json_loads(arena_printf(&f.arena, "{\"OperationEvents\": [%s]}", rows[i].events), 0,
			NULL);
		assert_non_null(reply);
		stack_log_explain(&f.log, description, reply, &f.stream);
		assert_emitted(&f, rows[i].want);
		assert_int_equal(stack_log_has_cause(&f.log), *rows[i].want != '\0');
		json_decref(reply);
		arena_free(&f.arena);
	}
	json_decref(description);
}

static void knows_phases(void **state)
{
	static const struct {
		const char *status;
		enum stack_phase phase;
	} rows[] = {{NULL, STACK_ABSENT}, {"CREATE_IN_PROGRESS", STACK_IN_PROGRESS},
		{"CREATE_COMPLETE", STACK_READY}, {"ROLLBACK_IN_PROGRESS", STACK_IN_PROGRESS},
		{"ROLLBACK_COMPLETE", STACK_ROLLED_BACK}, {"ROLLBACK_FAILED", STACK_ROLLED_BACK},
		{"CREATE_FAILED", STACK_ROLLED_BACK}, {"DELETE_IN_PROGRESS", STACK_IN_PROGRESS},
		{"DELETE_COMPLETE", STACK_DELETED}, {"DELETE_FAILED", STACK_DELETE_FAILED},
		{"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", STACK_IN_PROGRESS}, {"UPDATE_COMPLETE", STACK_READY},
		{"UPDATE_ROLLBACK_COMPLETE", STACK_READY}, {"REVIEW_IN_PROGRESS", STACK_ROLLED_BACK}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_int_equal(stack_phase(rows[i].status), rows[i].phase);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emits_each_change_once_in_order),
		cmocka_unit_test(keeps_order_across_pages_and_equal_times),
		cmocka_unit_test(names_the_first_real_failure),
		cmocka_unit_test(leaves_other_operations_out),
		cmocka_unit_test(events_that_are_not_fresh),
		cmocka_unit_test(cleans_up_after_an_update),
		cmocka_unit_test(without_a_token_takes_the_newest),
		cmocka_unit_test(bears_broken_replies),
		cmocka_unit_test(keeps_the_reason_of_the_stack_itself),
		cmocka_unit_test(says_why_a_hook_refused),
		cmocka_unit_test(a_hook_that_warns_is_no_cause),
		cmocka_unit_test(takes_causes_from_operation_events),
		cmocka_unit_test(knows_phases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
