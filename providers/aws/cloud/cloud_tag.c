/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of the control plane's tag. */
#include "providers/aws/cloud/cloud_tag.h"

#include <strings.h>

#include "base/text.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/setup_plan.h"

enum { KEY_MAX = 64 };

const char cloud_tag_form[] =
	"the key of a tag: 1 to 64 of A-Z a-z 0-9 and _.:/=+@- that do not begin with aws:";

bool cloud_tag_valid(const char *key)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/=+@-";

	return text_only(key, set, 1, KEY_MAX) && strncasecmp(key, "aws:", 4) != 0;
}

const char *cloud_tag_default(const char *account)
{
	return text_equal(account, setup_control_plane_account) ? ANYSCALE_TAG : CLOUD_TAG;
}

const char *cloud_tag(const struct cloud *cloud)
{
	return aws_cloud(cloud)->cloud_tag;
}

const char *cloud_tag_sent(const struct cloud *cloud)
{
	return text_or(cloud_tag(cloud), CLOUD_TAG);
}
