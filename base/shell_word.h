/* SPDX-License-Identifier: Apache-2.0 */
/* Text as one word of a POSIX shell: what is printed to be pasted is quoted. Pure. */
#ifndef CLOUDCTL_BASE_SHELL_WORD_H
#define CLOUDCTL_BASE_SHELL_WORD_H

#include <stdbool.h>

#include "base/text.h"

struct arena;

/* Does the text mean itself to a shell without any quotes? Never when it is empty. */
bool shell_is_plain(const char *text);

/* The text itself when it is plain, else in single quotes; one of more than 16 KiB is an empty word. In arena. */
const char *shell_word(struct arena *arena, const char *text);

/* The same for each, separated by spaces. */
const char *shell_words(struct arena *arena, const struct text_list *texts);

#endif
