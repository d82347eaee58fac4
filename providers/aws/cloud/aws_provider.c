/* SPDX-License-Identifier: Apache-2.0 */
/* AWS as a provider: a table. */
#include "providers/aws/cloud/aws_provider.h"

#include "providers/aws/cloud/account_profiles.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/edit_input.h"
#include "providers/aws/cloud/functional/functional_verify.h"
#include "providers/aws/cloud/other_clouds.h"
#include "providers/aws/cloud/preflight/preflight.h"
#include "providers/aws/cloud/register_input.h"
#include "providers/aws/cloud/setup_plan.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/template_version.h"
#include "providers/aws/cloud/update/update_plan.h"

static void know_others(struct facts *facts, const json_t *directory)
{
	other_clouds_know(facts, directory);
	account_profiles_know(facts, directory);
}

static const char *template_of(struct arena *arena, bool whole)
{
	return whole ? template_text() : template_body(arena, template_text());
}

const struct provider aws_provider = {
	.name = "aws",
	.title = "AWS",
	.schema = &aws_cloud_schema,
	.checks = &cloud_checks,
	.preflight = &preflight_table,
	.template = template_of,
	.source = cloud_source,
	.note_cloud = other_clouds_note,
	.note_user = account_profiles_note,
	.know_others = know_others,
	.functional = &functional_on_aws,
	.setup = {setup_option_rows, sizeof(struct setup_options), cloud_setup},
	.adopt = {register_option_rows, sizeof(struct register_options), cloud_register},
	.edit = {edit_option_rows, sizeof(struct edit_options), cloud_edit},
	.import = {import_option_rows, sizeof(struct import_options), cloud_import},
	.update = {update_option_rows, sizeof(struct update_options), cloud_update},
	.remove = {delete_option_rows, sizeof(struct delete_options), cloud_delete},
	.export = {ray_export_option_rows, sizeof(struct ray_export_options), ray_export},
	.policy = {policy_option_rows, sizeof(struct policy_options), cloud_policy},
};
