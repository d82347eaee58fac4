/* SPDX-License-Identifier: Apache-2.0 */
/* `--functional-verify` on AWS: see providers/functional.h. The steps are in functional_verify.c, the instance in launch.h. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_FUNCTIONAL_VERIFY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_FUNCTIONAL_VERIFY_H

#include "providers/functional.h"

extern const struct functional_provider functional_on_aws;

#endif
