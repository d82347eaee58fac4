/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of a cloud on AWS: what `verify` looks at. Its groups are the lines of the summary. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_CHECKS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_CHECKS_H

#include "verify/check.h"

extern const struct check_table cloud_checks;

#endif
