/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `verify --output markdown`: the report as a comment on a pull request, in GitHub-flavoured Markdown, which
 * GitLab reads too: the verdict with its numbers, a table of the groups, then what failed, what could not be
 * determined, what was warned about and what is ignored.
 *
 * Every text from outside passes markdown_text. A comment may be 65,536 characters long: findings that would
 * make it longer than 60,000 bytes are left out, and their number is said.
 */
#ifndef CLOUDCTL_UI_DOCUMENTS_MARKDOWN_H
#define CLOUDCTL_UI_DOCUMENTS_MARKDOWN_H

#include "ui/documents/renderer.h"

renderer_write markdown_write;

/* Many clouds: the verdict, a table of clouds, then for each what did not pass, within the same length. */
renderer_many_write markdown_begin, markdown_end;
renderer_many_add markdown_add;

#endif
