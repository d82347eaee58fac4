/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is in use of the resources that an edit replaces: instances that run with them, files and objects that the new ones
 * do not have. Nothing of it is copied or deleted by cloudctl, so each is told with the command that does it.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_SURVEY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct aws;
struct cloud;
struct facts;
struct run;

struct edit_use {
	const char *text;    /* a sentence; of what is unknown, why */
	const char *command; /* to copy, or to look; quoted for a shell; NULL: none */
	bool unknown;        /* it could not be looked at */
};

enum { EDIT_USES = 3 };

struct edit_survey {
	struct edit_use items[EDIT_USES];
	size_t count;
	size_t unknown; /* how many of them are */
};

/*
 * Look, all calls at once, at what the cloud's replaced resources hold. was: facts about the cloud as it is, settled. What
 * cannot be looked at is no error. -1 only when interrupted. Texts are in the run's arena.
 */
int edit_survey_take(struct run *run, struct aws *aws, const struct facts *was, const struct cloud *candidate,
	struct edit_survey *survey, struct error *err);

#endif
