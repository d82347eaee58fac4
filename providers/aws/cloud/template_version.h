/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of cloudctl's templates a stack was made with. There is a row for each state of template.yaml in which a stack can
 * have been made; a test fails when the file changes without a new row. A template that has no row was edited by somebody.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_TEMPLATE_VERSION_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_TEMPLATE_VERSION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct template_version {
	const char *sha256;   /* template_sha256() of its text */
	const char *cloudctl; /* the first version of the program that has it */
	const char *brings;   /* beyond the one before, for people */
};

/* Oldest first; the last one is that of this program. */
extern const struct template_version template_versions[];
extern const size_t template_version_count;

/*
 * The template without what is for people who read it, in arena: lines that are comments, and descriptions of parameters.
 * That is what CloudFormation is sent, whose limit of 51,200 bytes counts them (CloudFormation quotas, "Template body size
 * in a request"). In the template each of these is one line, and no other text has a line that begins like them.
 */
const char *template_body(struct arena *arena, const char *text);

/*
 * Of template_body(), without white space at its end, which CloudFormation does not keep; in hexadecimal, in
 * arena. So a template that was deployed as 'template' prints it is known, too.
 */
const char *template_sha256(struct arena *arena, const char *text);

/* NULL: it is none of cloudctl's. */
const struct template_version *template_version_find(struct arena *arena, const char *text);

/* Does this program's template have such a parameter? */
bool template_has_parameter(struct arena *arena, const char *name);

/* Its default there, in arena; NULL: it has none. */
const char *template_default(struct arena *arena, const char *name);

#endif
