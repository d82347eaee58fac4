/* SPDX-License-Identifier: Apache-2.0 */
/* The CloudFormation template, embedded at build time from template.yaml. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_TEMPLATE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_TEMPLATE_H

/* The whole text, NUL-terminated, static. */
const char *template_text(void);

#endif
