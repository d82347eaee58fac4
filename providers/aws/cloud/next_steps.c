/* SPDX-License-Identifier: Apache-2.0 */
/* Notes at the end of `setup` and `register`, each a sentence. */
#include "providers/aws/cloud/next_steps.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/event.h"
#include "base/shell_word.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/console.h"
#include "providers/records/cloud.h"
#include "providers/run.h"

/* "VPC vpc-1, subnets subnet-1 subnet-2", of the kinds that a record holds ids of. */
static const char *list_ids(struct arena *arena, const struct cloud *cloud)
{
	struct text_list parts = {0};

	for (enum kind kind = 0; kind < KINDS_COUNT; kind++) {
		struct text_list ids = kind_ids(arena, &kinds[kind], aws_cloud(cloud));

		if (kinds[kind].option && !kinds[kind].ids_are_identifiers && ids.count > 0)
			text_list_add(arena, &parts,
				arena_printf(arena, "%s %s", kinds[kind].word, text_join(arena, &ids, " ")));
	}
	return text_join(arena, &parts, ", ");
}

void next_steps_tell(struct run *run, const struct cloud *cloud)
{
	struct event_stream *stream = run->stream;
	const struct aws_cloud *section = aws_cloud(cloud);

	event_step(stream, STEP_NOTE, "Its resources: %s. All of its record: cloudctl get %s",
		list_ids(run->arena, cloud), cloud->name);
	if (section->stack_arn)
		event_step(stream, STEP_NOTE, "In the console: %s",
			console_stack(run->arena, cloud->region, section->stack_arn));
	event_step(stream, STEP_NOTE,
		"The control plane needs to know: role %s, external id %s, and the tag %s=%s that its instances must carry.",
		section->resources.control_plane_role_arn, section->external_id, cloud_tag_sent(cloud),
		cloud->id);
	event_step(stream, STEP_NOTE, "To verify it at any time: cloudctl verify %s", cloud->name);
}

void next_steps_denied(const char *command, struct error *err)
{
	if (err->kind == ERROR_DENIED)
		error_advise(err, "To see which permissions are missing: cloudctl policy %s --check",
			command);
}
