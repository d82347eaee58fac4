/* SPDX-License-Identifier: Apache-2.0 */
/* The provider that this program is built with. The only file in cmd that names it. */
#ifndef CLOUDCTL_CMD_BUILT_IN_H
#define CLOUDCTL_CMD_BUILT_IN_H

#include "providers/aws/cloud/aws_provider.h"

#define PROVIDER aws_provider

#endif
