/* SPDX-License-Identifier: Apache-2.0 */
/* Commands for a shell, and advice. */
#include "providers/aws/cloud/checks/remedy.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

enum { LONG_ENOUGH = 1200 };

void remedy_add(const struct facts *facts, struct finding *finding, const char *format, ...)
{
	const char *region = facts->cloud->region;
	const char *command;
	va_list arguments;

	if (finding->remedy && strlen(finding->remedy) > LONG_ENOUGH) {
		finding->remedy_kind = REMEDY_DO;
		return;
	}
	va_start(arguments, format);
	command = arena_vprintf(facts->arena, format, arguments);
	va_end(arguments);
	command = region && !text_starts_with(command, "iam ")
		? arena_printf(facts->arena, "aws %s --region %s", command, shell_word(facts->arena, region))
		: arena_printf(facts->arena, "aws %s", command);
	finding->remedy = finding->remedy ? arena_printf(facts->arena, "%s && %s", finding->remedy, command)
					  : command;
}

void remedy_say(const struct facts *facts, struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	finding->remedy = arena_vprintf(facts->arena, format, arguments);
	va_end(arguments);
	finding->remedy_kind = REMEDY_DO;
}

bool remedy_is_stacks(const struct facts *facts, struct finding *finding, const char *thing)
{
	const char *stack = aws_cloud(facts->cloud)->stack_name;

	if (facts->cloud->deployment != DEPLOYMENT_MANAGED)
		return false;
	remedy_say(facts, finding,
		"set %s right in the stack %s, which made them: what is added beside the stack keeps it from being deleted",
		thing, stack ? stack : "of the cloud");
	return true;
}
