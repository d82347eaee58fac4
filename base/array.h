/* SPDX-License-Identifier: Apache-2.0 */
/* The number of items of an array whose size the compiler knows. */
#ifndef CLOUDCTL_BASE_ARRAY_H
#define CLOUDCTL_BASE_ARRAY_H

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
