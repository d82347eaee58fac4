/* SPDX-License-Identifier: Apache-2.0 */
/* Gives the bytes that the build made of template.yaml their type: text. */
#include "providers/aws/cloud/stack_template.h"

#include <stddef.h>

extern const unsigned char template_yaml[]; /* cloudctl_embed() in the top CMakeLists.txt */

const char *template_text(void)
{
	return (const char *)template_yaml;
}
