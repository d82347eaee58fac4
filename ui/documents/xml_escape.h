/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from outside inside XML 1.0 documents. The whole of what is needed to write XML safely; the markup
 * itself is the writer's. Pure: appends to a str.
 *
 * Nothing comes out that XML 1.0 cannot hold (section 2.2, Char) and nothing that controls a terminal or turns
 * the direction of text: such characters, and bytes that are not UTF-8, become "?".
 */
#ifndef CLOUDCTL_UI_DOCUMENTS_XML_ESCAPE_H
#define CLOUDCTL_UI_DOCUMENTS_XML_ESCAPE_H

struct str;

/* As the content of an element. Line breaks and tabs stay. */
void xml_escape_text(struct str *out, const char *text);

/*
 * ' name="value"', with the space before it. Line breaks and tabs become character references, because a
 * reader turns bare ones into spaces (section 3.3.3). Nothing at all when value is NULL.
 */
void xml_escape_attribute(struct str *out, const char *name, const char *value);

#endif
