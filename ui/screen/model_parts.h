/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the model share; for model*.c alone. */
#ifndef CLOUDCTL_UI_SCREEN_MODEL_PARTS_H
#define CLOUDCTL_UI_SCREEN_MODEL_PARTS_H

#include "base/arena.h"
#include "ui/screen/model.h"

/* The group of this id; made when there is none. */
struct model_group *model_group_of(struct model *model, const char *id);

/* A new item at the end of its group; NULL when there are too many. */
struct model_item *model_add_item(struct model *model, struct model_group *group);

/* Strings are copied; what is known and not said again stays. */
void model_copy_resource(struct arena *arena, struct event_resource *to, const struct event_resource *from);

/* As long as the user chose nothing: choose what is being done now, and the first failure. */
void model_follow(struct model *model, struct model_item *item);

/* When the chosen line is not in the list (its group has closed, a filter hides it): choose the one shown in its place. */
void model_settle_choice(struct model *model);

/* Take an EVENT_RESOURCE. */
void model_resource(struct model *model, const struct event_resource *resource);

#endif
