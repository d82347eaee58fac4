/* SPDX-License-Identifier: Apache-2.0 */
/* Following a stack through what AWS may do: show it late, not answer for a while, not answer any more. */
#include "base/test.h"

#include <string.h>

#include "base/text.h"
#include "providers/aws/client/call_test_net.h"
#include "providers/aws/cloud/stack.h"

#define ARN "arn:aws:cloudformation:us-west-2:999999999999:stack/cld-x/1"
#define NOT_THERE \
	{ \
		400, \
			"<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id " ARN \
			" does not exist</Message></Error></ErrorResponse>" \
	}
#define SILENCE \
	{ \
		.transient = true, .takes_ms = 60000 \
	}
#define STATUS(word) \
	{ \
		200, \
			"<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackId>" ARN \
			"</StackId><StackStatus>" word \
			"</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>" \
	}
#define REASONED_EVENTS(word, reason) \
	{ \
		200, \
			"<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents><member><" \
			"EventId>" word \
			"</EventId><Timestamp>2026-01-02T03:04:05Z</Timestamp><LogicalResourceId>cld-x" \
			"</LogicalResourceId><PhysicalResourceId>" ARN \
			"</PhysicalResourceId><ResourceType>AWS::CloudFormation::Stack</" \
			"ResourceType><ResourceStatus>" word \
			"</ResourceStatus><ResourceStatusReason>" reason \
			"</ResourceStatusReason><ClientRequestToken>T</ClientRequestToken></member></StackEvents>" \
			"</DescribeStackEventsResult></DescribeStackEventsResponse>" \
	}
#define EVENTS(word) REASONED_EVENTS(word, "")
#define NO_CAUSES \
	{ \
		200, "<DescribeEventsResponse><DescribeEventsResult/></DescribeEventsResponse>" \
	}
#define CAUSES_DENIED \
	{ \
		403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>" \
	}

static int follow(struct net *net, struct stack *stack, struct error *err)
{
	struct stack_operation operation = {.arn = ARN, .token = "T"};
	int followed = stack_follow(net->aws, &net->arena, &net->stream, &operation, err);

	*stack = operation.stack;
	return followed;
}

/* The stack at the end, with these replies; close the net. */
static struct stack followed(struct net *net, const struct net_reply *replies, size_t count)
{
	struct stack stack;
	struct error err = {0};

	net_open(net, replies, count);
	assert_int_equal(follow(net, &stack, &err), 0);
	return stack;
}

static size_t said(const struct net *net, const char *words)
{
	size_t count = 0;

	for (size_t i = 0; i < net->event_count; i++)
		count += strstr(net->events[i].code, words) != NULL;
	return count;
}

static size_t warnings(const struct net *net)
{
	return said(net, "AWS does not answer");
}

static void a_new_stack_may_be_shown_late(void **state)
{
	static const struct net_reply replies[] = {NOT_THERE, NOT_THERE, STATUS("CREATE_IN_PROGRESS"),
		EVENTS("CREATE_IN_PROGRESS"), STATUS("CREATE_COMPLETE"), EVENTS("CREATE_COMPLETE")};
	struct net net = {0};
	struct stack stack = followed(&net, replies, ARRAY_LENGTH(replies));

	(void)state;
	assert_int_equal(stack.phase, STACK_READY);
	net_close(&net);
}

static void one_that_never_was_is_absent(void **state)
{
	static const struct net_reply replies[] = {NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE,
		NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE};
	struct net net = {0};
	struct stack stack = followed(&net, replies, ARRAY_LENGTH(replies));

	(void)state;
	assert_int_equal(stack.phase, STACK_ABSENT);
	net_close(&net);
}

static void a_silence_is_tolerated_and_said_once(void **state)
{
	static const struct net_reply replies[] = {SILENCE, SILENCE, SILENCE, SILENCE, SILENCE, SILENCE,
		STATUS("CREATE_COMPLETE"), EVENTS("CREATE_COMPLETE")};
	struct net net = {0};
	struct stack stack = followed(&net, replies, ARRAY_LENGTH(replies));

	(void)state;
	assert_int_equal(stack.phase, STACK_READY);
	assert_int_equal(warnings(&net), 1);
	net_close(&net);
}

static void silence_for_good_is_an_error(void **state)
{
	static const struct net_reply replies[] = {SILENCE, SILENCE, SILENCE, SILENCE, SILENCE, SILENCE,
		SILENCE, SILENCE, SILENCE, SILENCE, SILENCE, SILENCE, SILENCE, SILENCE, SILENCE};
	struct net net = {0};
	struct stack stack;
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_int_equal(follow(&net, &stack, &err), -1);
	assert_int_equal(err.kind, ERROR_NETWORK);
	assert_non_null(strstr(err.frame[err.depth - 1], "run the same command again"));
	assert_in_range(net.clock_ms, 15 * 60000, 20 * 60000);
	assert_int_equal(warnings(&net), 1);
	net_close(&net);
}

/* DescribeStacks gives none; the event of the rollback has it. */
static void the_reason_of_an_event_is_the_stacks(void **state)
{
	static const struct net_reply replies[] = {STATUS("ROLLBACK_IN_PROGRESS"),
		REASONED_EVENTS("ROLLBACK_IN_PROGRESS", "Rollback requested by user"),
		STATUS("ROLLBACK_COMPLETE"), EVENTS("ROLLBACK_COMPLETE"), NO_CAUSES};
	struct net net = {0};
	struct stack stack = followed(&net, replies, ARRAY_LENGTH(replies));

	(void)state;
	assert_int_equal(stack.phase, STACK_ROLLED_BACK);
	assert_string_equal(stack.reason, "Rollback requested by user");
	net_close(&net);
}

/* AWS says why in DescribeEvents alone; what the caller may not read there is named. */
static void a_reason_that_may_not_be_read_names_the_permission(void **state)
{
	static const struct net_reply replies[] = {STATUS("CREATE_FAILED"),
		REASONED_EVENTS("CREATE_FAILED", "use the DescribeEvents API"), CAUSES_DENIED};
	struct net net = {0};
	struct stack stack = followed(&net, replies, ARRAY_LENGTH(replies));

	(void)state;
	assert_int_equal(stack.phase, STACK_ROLLED_BACK);
	assert_int_equal(said(&net, "cloudformation:DescribeEvents"), 1);
	net_close(&net);
}

/* A resource's event, and the beginning of the deletion. */
#define FAILED_SUBNET \
	{ \
		200, \
			"<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents><member><" \
			"EventId>2</EventId><Timestamp>2026-01-02T03:04:06Z</Timestamp><LogicalResourceId>" \
			"Subnet1</LogicalResourceId><PhysicalResourceId>subnet-1</PhysicalResourceId>" \
			"<ResourceType>AWS::EC2::Subnet</ResourceType><ResourceStatus>DELETE_FAILED" \
			"</ResourceStatus><ResourceStatusReason>in use</ResourceStatusReason>" \
			"<ClientRequestToken>T</ClientRequestToken></member><member><EventId>1</EventId>" \
			"<Timestamp>2026-01-02T03:04:05Z</Timestamp><LogicalResourceId>cld-x" \
			"</LogicalResourceId><PhysicalResourceId>" ARN \
			"</PhysicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType>" \
			"<ResourceStatus>DELETE_IN_PROGRESS</ResourceStatus><ClientRequestToken>T" \
			"</ClientRequestToken></member></StackEvents></DescribeStackEventsResult>" \
			"</DescribeStackEventsResponse>" \
	}

struct listener {
	size_t calls, failures;
	int answer;
};

static int hear(void *self, const struct stack_failures *failures, struct error *err)
{
	struct listener *listener = self;

	listener->calls++;
	listener->failures += failures->count;
	assert_string_equal(failures->items[0].name, "Subnet 1");
	return listener->answer < 0 ? error_set(err, ERROR_INTERRUPTED, "interrupted") : 0;
}

static void a_failure_is_told_while_the_rest_goes_on(void **state)
{
	static const struct net_reply replies[] = {STATUS("DELETE_IN_PROGRESS"), FAILED_SUBNET,
		STATUS("DELETE_IN_PROGRESS"), FAILED_SUBNET, STATUS("DELETE_FAILED"),
		EVENTS("DELETE_FAILED")};
	struct listener listener = {0};
	struct stack_operation operation = {.arn = ARN, .token = "T", .failed = hear, .self = &listener};
	struct net net = {0}, again = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_int_equal(stack_follow(net.aws, &net.arena, &net.stream, &operation, &err), 0);
	assert_int_equal(operation.stack.phase, STACK_DELETE_FAILED);
	assert_int_equal(listener.calls, 1);
	assert_int_equal(listener.failures, 1);
	net_close(&net);
	net_open(&again, replies, 2); /* no further poll: the listener ends it */
	listener.answer = -1;
	assert_int_equal(stack_follow(again.aws, &again.arena, &again.stream, &operation, &err), -1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	net_close(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_stack_may_be_shown_late),
		cmocka_unit_test(one_that_never_was_is_absent),
		cmocka_unit_test(a_silence_is_tolerated_and_said_once),
		cmocka_unit_test(silence_for_good_is_an_error),
		cmocka_unit_test(the_reason_of_an_event_is_the_stacks),
		cmocka_unit_test(a_reason_that_may_not_be_read_names_the_permission),
		cmocka_unit_test(a_failure_is_told_while_the_rest_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
