/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from outside inside GitHub-flavoured Markdown, so that it can neither become markup, HTML, a link, a mention
 * (@team) or a reference (#1), nor end its line, table cell or block. Pure: appends to a str.
 *
 * Mentions and references are made from the text that remains after all escapes are read, so escaping cannot stop them;
 * but neither is looked for in code. So what is not plainly harmless is shown as code.
 */
#ifndef CLOUDCTL_UI_DOCUMENTS_MARKDOWN_TEXT_H
#define CLOUDCTL_UI_DOCUMENTS_MARKDOWN_TEXT_H

#include <stddef.h>

struct str;

/*
 * Within a line: a sentence that cannot mean anything as it is, anything else as code: `…`. Made visible
 * (str_put_visible()), at most 2,000 bytes, then "…". A vertical bar becomes "¦", for it would end a table's
 * cell. "-" for NULL and for a text of spaces. Must not be the first thing in its line.
 */
void markdown_text_sentence(struct str *out, const char *text);

/* The same, always as code. */
void markdown_text_code(struct str *out, const char *text);

/*
 * A block of code on lines of its own, each line of each text made visible, each at most 2,000 bytes; after
 * the 40th line the number of those not shown. Nothing when there is no line.
 */
void markdown_text_block(struct str *out, const char *const *texts, size_t count);

#endif
