/* SPDX-License-Identifier: Apache-2.0 */
/* AWS as a provider, and the commands that it carries out: see providers/provider.h. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_AWS_PROVIDER_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_AWS_PROVIDER_H

#include "providers/provider.h"

extern const struct provider aws_provider;

int cloud_register(struct run *run, const void *options, struct error *err); /* struct register_options */

#endif
