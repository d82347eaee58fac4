# SPDX-License-Identifier: Apache-2.0
#
# Sourced by the scripts that run tests: real settings and credentials of the person who runs them must reach no test.
# Not for an interactive shell, which would lose them.

for name in $(env | sed -n 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
export PYTHONDONTWRITEBYTECODE=1
