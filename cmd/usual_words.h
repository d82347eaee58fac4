/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people type who know other tools: commands and options of the AWS CLI, kubectl, gh, terraform and docker, and what it
 * is called here. Pure, static.
 */
#ifndef CLOUDCTL_CMD_USUAL_WORDS_H
#define CLOUDCTL_CMD_USUAL_WORDS_H

/* "list" for "ls": a command, and options after it where it takes some; NULL: no such word. */
const char *usual_command(const char *word);

/* "--plan" for "--dry-run", the option's name and perhaps a value after a space; NULL: no such word. */
const char *usual_option(const char *word);

#endif
