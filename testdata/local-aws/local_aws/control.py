# SPDX-License-Identifier: Apache-2.0
"""/_local/…: the tests' own door to the server. JSON in, JSON out, no signature."""

from __future__ import annotations

import json
from typing import Any, Callable, NamedTuple

from . import interfaces
from .environment import DEFAULT_ACCOUNT
from .front import Delivery, Front
from .message import Response
from .wire import Raw

PREFIX = "/_local/"


def answer(front: Front, raw: Raw) -> Delivery:
    """The reply to a control request: 200 with JSON, 400 with {"error": …}, or 404."""
    handler = _ROUTES.get((raw.method, raw.path))
    if handler is None:
        return _reply(404, {"error": f"no {raw.method} {raw.path}; there are "
                            + ", ".join(" ".join(route) for route in _ROUTES)})
    try:
        body = json.loads(raw.body) if raw.body else None
        return _reply(200, handler(front, body))
    except (ValueError, TypeError, KeyError) as error:
        return _reply(400, {"error": str(error)})


def _reply(status: int, value: Any) -> Delivery:
    return Delivery(Response(status, {"Content-Type": "application/json"}, json.dumps(value).encode()))


def _set_faults(front: Front, body: Any) -> list:
    front.faults.replace(body)
    return front.faults.shown()


def _release(front: Front, _body: Any) -> dict:
    front.release()
    return {}


def _clear_requests(front: Front, _body: Any) -> dict:
    front.records.clear()
    return {}


def _clear_actions(front: Front, _body: Any) -> dict:
    front.authorizer.needed.clear()
    return {}


def _reset(front: Front, _body: Any) -> dict:
    front.reset()
    return {}


def _fail(front: Front, body: Any) -> dict:
    front.cloudformation.fail(body)
    return {}


def _set_hooks(front: Front, body: Any) -> list:
    return front.cloudformation.set_hooks(body)


def _set_settings(front: Front, body: Any) -> dict:
    """clock_offset: seconds added to the server's clock. settle: seconds that new things are "creating".
    enforce: whether every request is judged by its caller's policies."""
    for name, value in (body or {}).items():
        if name == "enforce" and isinstance(value, bool):
            front.authorizer.enforcing = value
        elif name in ("clock_offset", "settle"):
            setattr(front.world, name, float(value))
        else:
            raise ValueError(f"unknown setting {name!r}" if name != "enforce" else "enforce is true or false")
    return {"clock_offset": front.world.clock_offset, "settle": front.world.settle,
            "enforce": front.authorizer.enforcing}


def _set_quotas(front: Front, body: Any) -> list:
    return front.layers["servicequotas"].set(body)


def _set_zones(front: Front, body: Any) -> list:
    return front.world.zones.set(body)


class _Place(NamedTuple):
    """What interfaces want to know of a request."""

    account: str
    region: str


def _make_interface(_front: Front, body: Any) -> dict:
    """What a service that is not played here keeps in a subnet: AWS Lambda, RDS, ElastiCache …"""
    place = _Place(body.get("account", DEFAULT_ACCOUNT), body["region"])
    identifier, address = interfaces.create(place, body["subnet"], body.get("groups", []), body["description"],
                                            body["requester"], body.get("type", "interface"))
    return {"id": identifier, "address": address}


def _remove_interface(_front: Front, body: Any) -> dict:
    interfaces.remove(body.get("account", DEFAULT_ACCOUNT), body["region"], body["id"])
    return {}


def _set_machines(front: Front, body: Any) -> dict:
    return front.world.machines.set(body or {})


def _state(front: Front, _body: Any) -> dict:
    return {"in_flight": front.in_flight, "most_in_flight": front.most_in_flight}


_ROUTES: dict[tuple[str, str], Callable[[Front, Any], Any]] = {
    ("GET", "/_local/faults"): lambda front, _body: front.faults.shown(),
    ("POST", "/_local/faults"): _set_faults,
    ("POST", "/_local/release"): _release,
    ("GET", "/_local/requests"): lambda front, _body: front.records.shown(),
    ("DELETE", "/_local/requests"): _clear_requests,
    ("GET", "/_local/actions"): lambda front, _body: front.authorizer.needed.shown(),
    ("DELETE", "/_local/actions"): _clear_actions,
    ("POST", "/_local/reset"): _reset,
    ("POST", "/_local/fail"): _fail,
    ("POST", "/_local/hooks"): _set_hooks,
    ("POST", "/_local/settings"): _set_settings,
    ("POST", "/_local/quotas"): _set_quotas,
    ("POST", "/_local/zones"): _set_zones,
    ("POST", "/_local/interfaces"): _make_interface,
    ("DELETE", "/_local/interfaces"): _remove_interface,
    ("GET", "/_local/machines"): lambda front, _body: front.world.machines.shown(),
    ("POST", "/_local/machines"): _set_machines,
    ("GET", "/_local/state"): _state,
}
