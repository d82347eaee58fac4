/* SPDX-License-Identifier: Apache-2.0 */
/* Printing a record after the command that made it. */
#include "cmd/print_record.h"

#include "cmd/context.h"
#include "ui/output.h"

int print_record(struct context *context, const struct cloud *cloud, struct error *err)
{
	enum output_format format = OUTPUT_TEXT;
	json_t *tree;
	int printed;

	output_format_parse(context->global.output, &format);
	if (format == OUTPUT_TEXT)
		return 0;
	tree = cloud_to_tree(cloud);
	printed = output_tree(context->results, tree, format, err);
	json_decref(tree);
	return printed;
}
