# SPDX-License-Identifier: Apache-2.0
"""MemoryDB's access control lists and users."""

from __future__ import annotations

from .memorydb import (Account, DEFAULT_USER, MemoryDbGroups, OPEN_ACL, arn, found, invalid, new_name, no_acl, required)
from .message import AwsError, Request, Response


class MemoryDbAccess(MemoryDbGroups):
    """The actions of ACLs and users; memorydb_clusters.MemoryDb adds the clusters'."""

    actions = {
        **MemoryDbGroups.actions,
        "CreateACL": "create_acl", "DescribeACLs": "describe_acls", "UpdateACL": "update_acl", "DeleteACL": "delete_acl",
        "CreateUser": "create_user", "DescribeUsers": "describe_users", "UpdateUser": "update_user",
        "DeleteUser": "delete_user",
    }

    def create_acl(self, request: Request) -> Response:
        account, name = self.account(request), new_name(request, "ACLName")
        if name in account.acls:
            raise AwsError("ACLAlreadyExistsFault", f"ACL {name} already exists.")
        users = _known(account, request.parameters.get("UserNames") or [])
        acl = {"Name": name, "Status": "active", "UserNames": users,
               "MinimumEngineVersion": "6.2", "ARN": arn(request, "acl", name)}
        account.acls[name] = acl
        self.keep_tags(request, account, acl["ARN"])
        return self.json({"ACL": acl})

    def describe_acls(self, request: Request) -> Response:
        account = self.account(request)
        shown = {name: {**acl, "Clusters": [row["Name"] for row in self.live_clusters(account)
                                            if row["ACLName"] == name]} for name, acl in account.acls.items()}
        return self.listed(request, "ACLs", shown, "ACLName", no_acl)

    def update_acl(self, request: Request) -> Response:
        account, name = self.account(request), required(request, "ACLName")
        acl = found(account.acls, name, no_acl)
        if name == OPEN_ACL:
            raise AwsError("InvalidACLStateFault", f"ACL {name} cannot be modified.")
        added = _known(account, request.parameters.get("UserNamesToAdd") or [])
        removed = _known(account, request.parameters.get("UserNamesToRemove") or [])
        acl["UserNames"] = [user for user in dict.fromkeys([*acl["UserNames"], *added]) if user not in removed]
        return self.json({"ACL": acl})

    def delete_acl(self, request: Request) -> Response:
        account, name = self.account(request), required(request, "ACLName")
        found(account.acls, name, no_acl)
        if name == OPEN_ACL or any(row["ACLName"] == name for row in self.live_clusters(account)):
            raise AwsError("InvalidACLStateFault", f"ACL {name} is in use or is the default and cannot be deleted.")
        return self.gone(account, "ACL", account.acls.pop(name))

    def create_user(self, request: Request) -> Response:
        account, name = self.account(request), new_name(request, "UserName")
        if name in account.users:
            raise AwsError("UserAlreadyExistsFault", f"User {name} already exists.")
        user = {"Name": name, "Status": "active", "AccessString": required(request, "AccessString"),
                "MinimumEngineVersion": "6.2", "Authentication": _authentication(request),
                "ARN": arn(request, "user", name)}
        account.users[name] = user
        self.keep_tags(request, account, user["ARN"])
        return self.json({"User": _shown(account, user)})

    def describe_users(self, request: Request) -> Response:
        account = self.account(request)
        shown = {name: _shown(account, user) for name, user in account.users.items()}
        return self.listed(request, "Users", shown, "UserName", _no_user)

    def update_user(self, request: Request) -> Response:
        account, user = self._own_user(request)
        if "AuthenticationMode" in request.parameters:
            user["Authentication"] = _authentication(request)
        user["AccessString"] = request.parameters.get("AccessString", user["AccessString"])
        return self.json({"User": _shown(account, user)})

    def delete_user(self, request: Request) -> Response:
        account, user = self._own_user(request)
        for acl in account.acls.values():
            acl["UserNames"] = [name for name in acl["UserNames"] if name != user["Name"]]
        return self.gone(account, "User", account.users.pop(user["Name"]))

    def _own_user(self, request: Request) -> tuple[Account, dict]:
        """A user that somebody made; the default user cannot be changed."""
        account, name = self.account(request), required(request, "UserName")
        user = found(account.users, name, _no_user)
        if name == DEFAULT_USER:
            raise AwsError("InvalidUserStateFault", f"User {name} cannot be modified or deleted.")
        return account, user


def _known(account: Account, names: list[str]) -> list[str]:
    for name in names:
        found(account.users, name, _no_user)
    return list(names)


def _authentication(request: Request) -> dict:
    mode = request.parameters.get("AuthenticationMode") or {}
    passwords = mode.get("Passwords") or []
    if mode.get("Type") == "iam" and not passwords:
        return {"Type": "iam"}
    if mode.get("Type") != "password" or not 1 <= len(passwords) <= 2:
        raise invalid("AuthenticationMode needs the type iam, or the type password and one or two passwords.")
    if any(not 16 <= len(password) <= 128 for password in passwords):
        raise invalid("Passwords length must be between 16-128 characters.")
    return {"Type": "password", "PasswordCount": len(passwords)}


def _shown(account: Account, user: dict) -> dict:
    return {**user, "ACLNames": [name for name, acl in account.acls.items() if user["Name"] in acl["UserNames"]]}


def _no_user(name: str) -> AwsError:
    return AwsError("UserNotFoundFault", f"User {name} not found.")
