/* SPDX-License-Identifier: Apache-2.0 */
/* A source in front of another, for several verifications with much in common: what was asked once is not asked again. */
#ifndef CLOUDCTL_VERIFY_SHARED_SOURCE_H
#define CLOUDCTL_VERIFY_SHARED_SOURCE_H

#include "verify/source.h"

/*
 * Calls of the same operation at the same place with the same input are one call, whoever starts it: the reply serves all.
 * Belongs to arena, as the calls do, so all that start them have this one arena; behind is borrowed and lives as long.
 */
struct source *shared_source(struct arena *arena, struct source *behind);

#endif
