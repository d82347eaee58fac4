/* SPDX-License-Identifier: Apache-2.0 */
/* From a file to a cloud of AWS. */
#include "providers/aws/cloud/record_file.h"

#include "base/file.h"
#include "base/yaml.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

int record_file_read(struct arena *arena, const char *path, struct cloud *cloud, struct error *err)
{
	static const struct cloud_schema *const schemas[] = {&aws_cloud_schema, NULL};
	char *text;
	size_t length;
	json_t *tree;
	int result;

	if (file_read(arena, path, YAML_SIZE_MAX, &text, &length, err) < 0)
		return error_wrap(err, "reading the record in a file");
	tree = yaml_parse(text, length, err);
	if (!tree)
		return error_wrap(err, "reading %s", path);
	result = cloud_from_tree(arena, schemas, tree, cloud, err);
	json_decref(tree);
	return result < 0 ? error_wrap(err, "reading %s", path) : 0;
}
