from typing import Any


def due(opened: Any, today: Any) -> list[Any]:
    return []


def trends(opened: Any) -> list[Any]:
    return []


def latest_by_client(opened: Any) -> dict[int, Any]:
    return {}
