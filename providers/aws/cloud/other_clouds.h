/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other clouds of the same registry, as far as checks want to know of them: which of them have the same control-plane
 * role, so that its trust policy lets the control plane in under their external ids as well.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_OTHER_CLOUDS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_OTHER_CLOUDS_H

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"

struct cloud;
struct facts;
struct registry;

/* Note a cloud in a directory, an object of JSON; see struct provider. */
void other_clouds_note(json_t *directory, const struct cloud *cloud);

/*
 * Learn FACT_OTHER_CLOUDS from a directory: {NAME: {"external_id": ID}} of those that have the control-plane role and the
 * control-plane account of facts->cloud, which itself is left out; absent when there are none.
 */
void other_clouds_know(struct facts *facts, const json_t *directory);

/*
 * The same from the records of the registry, without that of facts->cloud itself. -1 with *err set when some could not be
 * read: the fact is learned all the same, from the others.
 */
int other_clouds_find(struct facts *facts, const struct registry *registry, struct error *err);

/* Their external ids, in facts->arena; none while the fact is not known. */
struct text_list other_clouds_external_ids(const struct facts *facts);

/* The name of the first that has this external id, or NULL. */
const char *other_clouds_name(const struct facts *facts, const char *external_id);

/* The names of all that have it, in facts->arena. */
struct text_list other_clouds_names(const struct facts *facts, const char *external_id);

#endif
